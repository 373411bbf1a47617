#include "processor/extract/first_names.h"

#include <stddef.h>

/* First names that at least four of the politicians in ../shared/data/knowledge have, all but one in 25 of one gender, and others that
 * are common in English news. In the order of bytes. */
static const char *const men[] = {
    "Aaron", "Abdul", "Abu", "Adam", "Adrian", "Adrien", "Aiden", "Ajay", "Ajit", "Alain", "Alan", "Alastair", "Albert",
    "Alberto", "Alec", "Alejandro", "Aleksandar", "Aleksander", "Aleksandr", "Aleksey", "Alexander", "Alexandre", "Alexei",
    "Alexey", "Alfred", "Ali", "Alistair", "Allan", "Allen", "Alvin", "Amar", "Amir", "Amos", "Anatolii", "Anatoliy", "Andre",
    "Andreas", "Andrei", "Andrew", "Andrey", "Andrii", "Andriy", "Andrzej", "András", "André", "Andy", "Angelo", "Angus", "Anil",
    "Anthony", "Antoine", "Anton", "Antonio", "Antony", "António", "Archie", "Arjun", "Arkady", "Arnaud", "Arnold", "Artem",
    "Arthur", "Artur", "Arun", "Arvind", "Ashok", "Attila", "Aurélien", "Austin", "Axel", "Bai", "Balram", "Barack", "Barry",
    "Bart", "Bashar", "Ben", "Benito", "Benjamin", "Benoît", "Bernard", "Bernardo", "Bernie", "Bertrand", "Bharat", "Bikram",
    "Bill", "Billy", "Blake", "Bob", "Bobby", "Bohdan", "Boris", "Borys", "Brad", "Bradley", "Brandon", "Brendan", "Brent",
    "Bret", "Brett", "Brian", "Brice", "Brock", "Bruce", "Bruno", "Bryan", "Bryce", "Byron", "Cal", "Caleb", "Calvin", "Cameron",
    "Carl", "Carlos", "Casey", "Cecil", "Chad", "Chandra", "Charles", "Charlie", "Chip", "Chris", "Christian", "Christoph",
    "Christophe", "Christopher", "Chuck", "Clarence", "Claudio", "Clay", "Clayton", "Cliff", "Clifford", "Clint", "Clinton",
    "Clive", "Clyde", "Cody", "Colin", "Connor", "Conor", "Cornelius", "Cory", "Craig", "Curt", "Curtis", "Cyril", "Cédric",
    "Dai", "Dale", "Damian", "Damien", "Dan", "Daniel", "Danny", "Darrell", "Darren", "Darryl", "Dave", "David", "Dean", "Deepak",
    "Del", "Deng", "Denis", "Dennis", "Denys", "Derek", "Derrick", "Desmond", "Devendra", "Devin", "Dick", "Didier", "Diego",
    "Dilip", "Dinesh", "Ding", "Dirk", "Dmitri", "Dmitriy", "Dmitry", "Dmytro", "Dominic", "Don", "Donald", "Donnie", "Donovan",
    "Doug", "Douglas", "Drew", "Dumitru", "Duncan", "Dustin", "Dwayne", "Dwight", "Dylan", "Earl", "Eddie", "Edmund", "Eduard",
    "Edward", "Edwin", "Eli", "Elijah", "Elliott", "Elon", "Emanuel", "Emmanuel", "Enrique", "Eric", "Erik", "Ernest", "Ernesto",
    "Ethan", "Eugene", "Evan", "Evgeniy", "Evgeny", "Fabien", "Fabrice", "Fedir", "Felipe", "Felix", "Fernando", "Fidel",
    "Florian", "Francesco", "Francisco", "Franck", "Frank", "Franz", "François", "Fred", "Frederic", "Frederick", "Frédéric",
    "Gabriel", "Gareth", "Garrett", "Garry", "Gary", "Gavin", "Gene", "Gennadiy", "Gennady", "Geoff", "Geoffrey", "George",
    "Georges", "Georgiy", "Georgy", "Gerald", "Gerard", "Gerhard", "German", "Gerry", "Gilbert", "Gilberto", "Giles", "Gilles",
    "Giorgi", "Giorgos", "Giuseppe", "Gleb", "Glenn", "Gopal", "Gordon", "Govind", "Graham", "Greg", "Gregory", "Grigory",
    "Grégoire", "Grégory", "Guillaume", "Guillermo", "Guo", "Gus", "Gustavo", "Guy", "Gérard", "Hakeem", "Hank", "Hans", "Harish",
    "Harlan", "Harold", "Harry", "Harsh", "Harvey", "Hassan", "Heath", "Hector", "Hemant", "Hennadii", "Hennadiy", "Henri",
    "Henry", "Heorhii", "Herb", "Herbert", "Herman", "Hervé", "Holger", "Homer", "Howard", "Hryhorii", "Hryhoriy", "Hubert",
    "Hugh", "Hugo", "Hugues", "Iain", "Ian", "Ibrahim", "Igor", "Ihor", "Ilya", "Irek", "Irving", "Isaac", "Ismail", "Ivan",
    "Ivo", "Ivor", "Jack", "Jacob", "Jacques", "Jagdish", "Jai", "Jaime", "Jake", "James", "Jared", "Jaroslav", "Jason", "Javier",
    "Jay", "Jean-Claude", "Jeb", "Jeff", "Jeffrey", "Jeremiah", "Jeremy", "Jerome", "Jerry", "Jesse", "Jia", "Jim", "Jimmy",
    "Jin", "Jitendra", "Jiří", "Joachim", "Joe", "Joel", "Johann", "Johannes", "John", "Johnny", "Jon", "Jonah", "Jonas",
    "Jonathan", "Jordan", "Jordi", "Jorge", "Jose", "Joseph", "Josh", "Joshua", "José", "Joël", "Juan", "Julian", "Julien",
    "Julius", "Justin", "Jérôme", "József", "Kailash", "Kamal", "Kamlesh", "Kapil", "Kareem", "Karim", "Karl", "Keith", "Ken",
    "Kenneth", "Kenny", "Kent", "Kevin", "Khalid", "Kirk", "Kishore", "Konstantin", "Konstantinos", "Kostiantyn", "Krzysztof",
    "Kurt", "Kyle", "Lamar", "Lance", "Larry", "Laurent", "Lawrence", "Laxman", "Lech", "Leo", "Leon", "Leonard", "Leonid",
    "Leroy", "Lester", "Lev", "Levi", "Lewis", "Lincoln", "Lino", "Lionel", "Lloyd", "Lonnie", "Lorenzo", "Lou", "Louis", "Loïc",
    "Luc", "Lucien", "Ludovic", "Luis", "Luke", "Luo", "Luther", "Lyndon", "László", "Mac", "Maciej", "Madan", "Mahendra",
    "Mahesh", "Mahmoud", "Maksim", "Maksym", "Malcolm", "Manohar", "Manoj", "Manuel", "Marat", "Marc", "Marcel", "Marco",
    "Marcus", "Marek", "Marian", "Mario", "Mark", "Marko", "Marshall", "Martin", "Marty", "Marvin", "Massimo", "Mathew",
    "Mathieu", "Matt", "Matthew", "Maurice", "Mauricio", "Max", "Maxim", "Maxime", "Mehmet", "Mel", "Melvin", "Meng", "Micah",
    "Michael", "Michail", "Michel", "Mick", "Miguel", "Mike", "Mikhail", "Milan", "Miloš", "Miroslav", "Mitch", "Mitt", "Mohamad",
    "Mohamed", "Mohammad", "Mohammed", "Mohan", "Morgan", "Mort", "Morten", "Mounir", "Muhammad", "Mukesh", "Murat", "Murray",
    "Musa", "Mustafa", "Mykhailo", "Mykhaylo", "Mykola", "Nagendra", "Narayan", "Narendra", "Nate", "Nathan", "Neal", "Ned",
    "Neil", "Nelson", "Newt", "Nicholas", "Nick", "Nicolas", "Nicolás", "Nigel", "Nikita", "Nikolai", "Nikolay", "Nirmal", "Noah",
    "Nolan", "Norman", "Oleg", "Oleh", "Oleksandr", "Oleksii", "Oleksiy", "Oliver", "Olivier", "Ollie", "Omar", "Orest",
    "Orlando", "Osama", "Oscar", "Otis", "Owen", "Ołeksandr", "Pablo", "Paolo", "Pascal", "Patrick", "Paul", "Pavel", "Pavlo",
    "Pedro", "Peng", "Per", "Percy", "Pete", "Peter", "Petr", "Petro", "Phil", "Philip", "Philippe", "Phillip", "Pierre", "Piotr",
    "Pradeep", "Prafulla", "Prakash", "Pramod", "Prasanta", "Pratap", "Praveen", "Prem", "Preston", "Purna", "Pyotr", "Qin",
    "Quentin", "Rabi", "Rafael", "Raghunath", "Rahm", "Raja", "Rajendra", "Ralf", "Ralph", "Ram", "Ramesh", "Rand", "Randall",
    "Randy", "Rao", "Raphaël", "Raul", "Ravindra", "Ray", "Raymond", "Raúl", "Reed", "Reggie", "Reginald", "Reid", "Renaud",
    "René", "Rex", "Ricardo", "Rich", "Richard", "Rick", "Rinat", "Rob", "Robert", "Roberto", "Rocky", "Rod", "Roderick",
    "Rodney", "Rodolfo", "Rodrigo", "Roger", "Roland", "Romain", "Roman", "Ron", "Ronald", "Ronnie", "Ronny", "Roscoe", "Ross",
    "Roy", "Ruben", "Rudolph", "Rudy", "Rupert", "Rush", "Ruslan", "Russ", "Russell", "Ryan", "Ryszard", "Rémi", "Salvador",
    "Sam", "Samuel", "Sanjay", "Sanjeev", "Santiago", "Saul", "Scott", "Sean", "Sebastian", "Serge", "Sergei", "Sergey", "Sergio",
    "Sergiy", "Serhii", "Serhiy", "Seth", "Shane", "Shankar", "Sharad", "Shaun", "Shawn", "Sheng", "Sherman", "Shi", "Shinzo",
    "Shyam", "Sid", "Silvio", "Simon", "Skip", "Spencer", "Stan", "Stanislas", "Stanislav", "Stanisław", "Stanley", "Stefan",
    "Stepan", "Stephen", "Sterling", "Steve", "Steven", "Stewart", "Stuart", "Stéphane", "Subhash", "Sudarshan", "Sunil",
    "Surendra", "Suresh", "Sushil", "Svyatoslav", "Syed", "Sylvain", "Sébastien", "Tad", "Tapas", "Taras", "Tariq", "Tarun",
    "Ted", "Teddy", "Terence", "Terrence", "Theodore", "Thibaut", "Thierry", "Thom", "Thomas", "Tibor", "Tim", "Timothy", "Tip",
    "Toby", "Todd", "Tom", "Tomasz", "Tommy", "Tony", "Travis", "Trent", "Trevor", "Trey", "Troy", "Tucker", "Tyler", "Tyrone",
    "Ulrich", "Ulysses", "Vadim", "Vadym", "Valentin", "Valentyn", "Valerii", "Valeriu", "Valeriy", "Valery", "Van", "Vasiliy",
    "Vasily", "Vasyl", "Vern", "Vernon", "Viacheslav", "Vic", "Victor", "Vijay", "Viktor", "Vinay", "Vince", "Vincent",
    "Vincenzo", "Vinod", "Virendra", "Virgil", "Vishnu", "Vitalii", "Vitaliy", "Vitaly", "Vladimir", "Vladislav", "Vladyslav",
    "Volodymyr", "Vyacheslav", "Václav", "Wade", "Walter", "Wan", "Warren", "Wayne", "Wen", "Wendell", "Wes", "Wesley", "Wilbur",
    "Will", "William", "Willie", "Winston", "Wolfgang", "Wong", "Xavier", "Xie", "Yannick", "Yaroslav", "Yasser", "Yegor",
    "Yevgeny", "Yevhen", "Yevheniy", "Youssef", "Yuan", "Yuri", "Yurii", "Yuriy", "Yury", "Yusuf", "Yves", "Yvon", "Zach",
    "Zachary", "Zack", "Zhou", "Édouard", "Éric", "Étienne", "Александр",
};
static const char *const women[] = {
    "Abigail", "Adriana", "Agnès", "Aleksandra", "Alexandra", "Alexandria", "Alice", "Alicia", "Alina", "Aline", "Alison", "Alla",
    "Alma", "Amanda", "Amber", "Amy", "Ana", "Andreja", "Angela", "Angelina", "Angie", "Anita", "Ann", "Anna", "Anne", "Annette",
    "Annick", "Annie", "April", "Arlette", "Ashley", "Astrid", "Aude", "Audrey", "Aung", "Aurélie", "Ayanna", "Barbara",
    "Beatrice", "Becky", "Bella", "Bernadette", "Bernice", "Beth", "Betsy", "Betty", "Beverley", "Beverly", "Bianca", "Bonnie",
    "Brandi", "Brenda", "Brianna", "Bridget", "Brigitte", "Brittany", "Béatrice", "Bénédicte", "Camila", "Camilla", "Candace",
    "Carla", "Carmen", "Carol", "Carole", "Caroline", "Carolyn", "Carrie", "Cassandra", "Catherine", "Cathy", "Celia", "Chantal",
    "Charlotte", "Chelsea", "Cheryl", "Chloe", "Christelle", "Christiane", "Christie", "Christina", "Christine", "Cindy",
    "Claire", "Claudia", "Claudine", "Colette", "Colleen", "Condoleezza", "Constance", "Corinne", "Cristina", "Crystal",
    "Cynthia", "Cécile", "Céline", "Daisy", "Daniela", "Danielle", "Danièle", "Daphne", "Dawn", "Deb", "Debbie", "Deborah",
    "Debra", "Della", "Delores", "Delphine", "Denise", "Desiree", "Diana", "Diane", "Dina", "Donna", "Doris", "Edith", "Edna",
    "Eileen", "Ekaterina", "Elaine", "Eleanor", "Elena", "Elisabeth", "Elise", "Elissa", "Eliza", "Elizabeth", "Ella", "Ellen",
    "Eloise", "Elsa", "Elvira", "Emily", "Emma", "Emmanuelle", "Erica", "Erika", "Erin", "Estelle", "Esther", "Eugenia", "Eva",
    "Evelyn", "Fabienne", "Faith", "Fanny", "Fatima", "Felicia", "Fern", "Fiona", "Flora", "Florence", "Frances", "Francine",
    "Françoise", "Frédérique", "Gabriela", "Gabrielle", "Gail", "Galina", "Gaëlle", "Geeta", "Geneviève", "Geraldine", "Gillian",
    "Gina", "Ginger", "Ginni", "Gisèle", "Gloria", "Grace", "Greta", "Gretchen", "Gwen", "Gwyneth", "Halyna", "Hanna", "Hannah",
    "Harriet", "Hazel", "Heather", "Heidi", "Helen", "Helena", "Hilda", "Hillary", "Holly", "Hope", "Huguette", "Huma", "Hélène",
    "Ida", "Ilhan", "Imelda", "Ingrid", "Inna", "Irene", "Irina", "Iris", "Iryna", "Isabel", "Isabella", "Isabelle", "Ivanka",
    "Ivy", "Jacinda", "Jacqueline", "Jana", "Jane", "Janet", "Janice", "Jasmine", "Jeanette", "Jeanne", "Jeannie", "Jen",
    "Jennifer", "Jenny", "Jessica", "Jill", "Joanna", "Joanne", "Jodi", "Josephine", "Josette", "Joyce", "Joëlle", "Juanita",
    "Judith", "Judy", "Julia", "Juliana", "Julie", "Juliet", "June", "Kaitlin", "Kamala", "Kara", "Karen", "Karin", "Karine",
    "Kate", "Kateryna", "Katharine", "Katherine", "Kathleen", "Kathryn", "Kathy", "Katie", "Kay", "Kayla", "Kayleigh", "Kelli",
    "Kellyanne", "Kerri", "Kimberly", "Kirsten", "Kristen", "Kristi", "Kristin", "Krystal", "Lana", "Lara", "Larysa", "Laura",
    "Laure", "Lauren", "Laurence", "Laëtitia", "Leah", "Lena", "Liliane", "Lillian", "Lily", "Linda", "Lisa", "Lise", "Liudmyla",
    "Liz", "Lois", "Loretta", "Lori", "Lorraine", "Louisa", "Louise", "Lucia", "Lucy", "Luisa", "Lupita", "Lydia", "Lynda",
    "Lynne", "Lyubov", "Lyudmila", "Mabel", "Madeleine", "Madison", "Maggie", "Malala", "Mandy", "Marcia", "Margaret",
    "Margarita", "Margot", "Maria", "Mariana", "Marianne", "Marie", "Marilyn", "Marina", "Marine", "Marion", "Marisa", "Marjorie",
    "Marla", "Martha", "Martine", "Mary", "Maryna", "Maryse", "María", "Mathilde", "Maud", "Maureen", "Maxine", "Maya", "Meg",
    "Megan", "Meghan", "Megyn", "Melania", "Melanie", "Melinda", "Melissa", "Mercedes", "Meredith", "Mia", "Michele", "Michelle",
    "Michèle", "Mildred", "Mimi", "Miranda", "Mireille", "Miriam", "Molly", "Monica", "Monika", "Monique", "Muriel", "Myriam",
    "Mélanie", "Nadezhda", "Nadia", "Nadine", "Nadège", "Nancy", "Naomi", "Natalia", "Natalie", "Nataliia", "Nataliya", "Natalya",
    "Natasha", "Nathalie", "Nellie", "Nicola", "Nicole", "Nikki", "Nina", "Noelle", "Nora", "Norma", "Odile", "Oksana", "Olena",
    "Olga", "Olha", "Olivia", "Omarosa", "Oprah", "Paige", "Pam", "Pamela", "Pascale", "Patricia", "Patty", "Paula", "Paulette",
    "Pauline", "Peggy", "Penelope", "Penny", "Phoebe", "Phyllis", "Pramila", "Priscilla", "Rachel", "Raisa", "Rashida", "Rebecca",
    "Regina", "Renata", "Renuka", "Rhonda", "Rita", "Roberta", "Rosa", "Rosalind", "Rose", "Roselyne", "Rosemary", "Rosie",
    "Roxanne", "Ruth", "Sabine", "Sabrina", "Sally", "Samantha", "Sandhya", "Sandra", "Sandrine", "Sara", "Sarah", "Serena",
    "Sharon", "Sheila", "Shelley", "Shelly", "Sheryl", "Shirley", "Sofia", "Sonia", "Sonja", "Sophia", "Sophie", "Stacey",
    "Stella", "Stephanie", "Stormy", "Stéphanie", "Sue", "Susan", "Susana", "Susanna", "Suzanne", "Svetlana", "Svitlana",
    "Sylvia", "Sylvie", "Séverine", "Tabitha", "Tamara", "Tammy", "Tanya", "Tara", "Tatiana", "Teresa", "Terri", "Tetiana",
    "Tetyana", "Thelma", "Theresa", "Tiffany", "Tina", "Tonya", "Trisha", "Tulsi", "Ursula", "Valentina", "Valentyna", "Valeria",
    "Valerie", "Valérie", "Vanessa", "Vera", "Veronica", "Veronika", "Vicky", "Victoria", "Viktoria", "Virginia", "Virginie",
    "Vivian", "Viviane", "Véronique", "Wanda", "Wendy", "Whitney", "Whoopi", "Winifred", "Yelena", "Yolanda", "Yuliia", "Yuliya",
    "Yvette", "Yvonne", "Zoe", "Zuzana", "Éliane", "Élisabeth", "Émilie", "Évelyne",
};

static bool is_among(struct view name, const char *const *list, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = view_order(view_of(list[middle]), name);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

char first_names_gender(struct view name)
{
    if (is_among(name, men, sizeof men / sizeof *men))
        return 'm';
    return is_among(name, women, sizeof women / sizeof *women) ? 'f' : 0;
}

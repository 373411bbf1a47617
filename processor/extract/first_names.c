#include "processor/extract/first_names.h"

#include <stddef.h>

/* First names that at least four of the politicians in ../shared/data/knowledge have, all but one in 25 of one gender. In the order of bytes. */
static const char *const men[] = {
    "Aaron", "Abdul", "Abu", "Adam", "Adrian", "Adrien", "Ajay", "Ajit", "Alain", "Alan", "Alastair", "Albert", "Alberto",
    "Alec", "Alejandro", "Aleksandar", "Aleksander", "Aleksandr", "Aleksey", "Alexander", "Alexandre", "Alexei", "Alexey",
    "Alfred", "Ali", "Alistair", "Allan", "Allen", "Amar", "Amir", "Anatolii", "Anatoliy", "Andreas", "Andrei", "Andrew",
    "Andrey", "Andrii", "Andriy", "Andrzej", "András", "André", "Andy", "Angelo", "Angus", "Anil", "Anthony", "Antoine",
    "Anton", "Antonio", "Antony", "António", "Arjun", "Arkady", "Arnaud", "Arnold", "Artem", "Arthur", "Artur", "Arun",
    "Arvind", "Ashok", "Attila", "Aurélien", "Austin", "Axel", "Bai", "Balram", "Barry", "Bart", "Ben", "Benjamin", "Benoît",
    "Bernard", "Bernie", "Bertrand", "Bharat", "Bikram", "Bill", "Billy", "Blake", "Bob", "Bobby", "Bohdan", "Boris", "Borys",
    "Brad", "Bradley", "Brandon", "Brendan", "Brett", "Brian", "Brice", "Bruce", "Bruno", "Bryan", "Byron", "Cameron", "Carl",
    "Carlos", "Casey", "Cecil", "Chad", "Chandra", "Charles", "Charlie", "Chip", "Christian", "Christoph", "Christophe",
    "Christopher", "Chuck", "Clarence", "Claudio", "Clay", "Cliff", "Clive", "Cody", "Colin", "Conor", "Cory", "Craig", "Curt",
    "Cyril", "Cédric", "Dai", "Dale", "Damian", "Damien", "Dan", "Daniel", "Danny", "Darrell", "Darren", "Dave", "David",
    "Dean", "Deepak", "Deng", "Denis", "Dennis", "Denys", "Derek", "Derrick", "Devendra", "Dick", "Didier", "Diego", "Dilip",
    "Dinesh", "Ding", "Dmitri", "Dmitriy", "Dmitry", "Dmytro", "Dominic", "Don", "Donald", "Doug", "Douglas", "Drew", "Dumitru",
    "Duncan", "Earl", "Eduard", "Edward", "Edwin", "Emmanuel", "Eric", "Erik", "Ernest", "Eugene", "Evgeniy", "Evgeny",
    "Fabien", "Fabrice", "Fedir", "Fernando", "Florian", "Francesco", "Francisco", "Franck", "Frank", "Franz", "François",
    "Fred", "Frederick", "Frédéric", "Gabriel", "Gareth", "Gary", "Gavin", "Gennadiy", "Gennady", "Geoff", "Geoffrey", "George",
    "Georges", "Georgiy", "Georgy", "Gerald", "Gerard", "Gerhard", "German", "Gerry", "Gilbert", "Giles", "Gilles", "Giorgi",
    "Giorgos", "Giuseppe", "Gleb", "Glenn", "Gopal", "Gordon", "Govind", "Graham", "Greg", "Gregory", "Grigory", "Grégoire",
    "Grégory", "Guillaume", "Guo", "Gus", "Guy", "Gérard", "Hans", "Harish", "Harold", "Harry", "Harsh", "Hassan", "Hector",
    "Hemant", "Hennadii", "Hennadiy", "Henri", "Henry", "Heorhii", "Herbert", "Herman", "Hervé", "Holger", "Howard", "Hryhorii",
    "Hryhoriy", "Hubert", "Hugh", "Hugues", "Iain", "Ian", "Igor", "Ihor", "Ilya", "Irek", "Ivan", "Ivo", "Ivor", "Jack",
    "Jacob", "Jacques", "Jagdish", "Jai", "Jake", "James", "Jared", "Jaroslav", "Jason", "Jay", "Jeff", "Jeffrey", "Jeremy",
    "Jerry", "Jesse", "Jia", "Jim", "Jimmy", "Jin", "Jitendra", "Jiří", "Joachim", "Joe", "Joel", "Johann", "Johannes", "John",
    "Johnny", "Jon", "Jonathan", "Jordan", "Jordi", "Jorge", "Jose", "Joseph", "Josh", "Joshua", "José", "Joël", "Juan",
    "Julian", "Julien", "Justin", "Jérôme", "József", "Kailash", "Kamal", "Kamlesh", "Kapil", "Karim", "Karl", "Keith", "Ken",
    "Kenneth", "Kenny", "Kent", "Kevin", "Kirk", "Kishore", "Konstantin", "Konstantinos", "Kostiantyn", "Krzysztof", "Kurt",
    "Lance", "Larry", "Laurent", "Lawrence", "Laxman", "Leo", "Leon", "Leonard", "Leonid", "Lev", "Lincoln", "Lino", "Lionel",
    "Lloyd", "Louis", "Loïc", "Luc", "Lucien", "Ludovic", "Luis", "Luke", "Luo", "László", "Maciej", "Madan", "Mahendra",
    "Mahesh", "Maksim", "Maksym", "Malcolm", "Manohar", "Manoj", "Manuel", "Marat", "Marc", "Marcel", "Marco", "Marcus",
    "Marek", "Marian", "Mario", "Mark", "Marko", "Martin", "Marty", "Massimo", "Mathieu", "Matt", "Matthew", "Maurice", "Max",
    "Maxim", "Maxime", "Mehmet", "Mel", "Meng", "Michael", "Michail", "Michel", "Mick", "Miguel", "Mike", "Mikhail", "Milan",
    "Miloš", "Miroslav", "Mitch", "Mohamed", "Mohammad", "Mohammed", "Mohan", "Morgan", "Morten", "Mounir", "Mukesh", "Murat",
    "Musa", "Mustafa", "Mykhailo", "Mykhaylo", "Mykola", "Nagendra", "Narayan", "Narendra", "Nate", "Nathan", "Neal", "Neil",
    "Nicholas", "Nick", "Nicolas", "Nigel", "Nikita", "Nikolai", "Nikolay", "Nirmal", "Norman", "Oleg", "Oleh", "Oleksandr",
    "Oleksii", "Oleksiy", "Oliver", "Olivier", "Omar", "Orest", "Owen", "Ołeksandr", "Paolo", "Pascal", "Patrick", "Paul",
    "Pavel", "Pavlo", "Pedro", "Peng", "Per", "Pete", "Peter", "Petr", "Petro", "Phil", "Philip", "Philippe", "Pierre", "Piotr",
    "Pradeep", "Prafulla", "Prakash", "Pramod", "Prasanta", "Pratap", "Praveen", "Prem", "Purna", "Pyotr", "Qin", "Rabi",
    "Rafael", "Raghunath", "Raja", "Rajendra", "Ralph", "Ram", "Ramesh", "Randy", "Rao", "Raphaël", "Ravindra", "Raymond",
    "Reggie", "Reginald", "Renaud", "René", "Rich", "Richard", "Rick", "Rinat", "Rob", "Robert", "Roberto", "Rod", "Rodney",
    "Roger", "Roland", "Romain", "Roman", "Ron", "Ronald", "Ronnie", "Ronny", "Ross", "Roy", "Ruben", "Rudy", "Rupert",
    "Ruslan", "Russ", "Russell", "Ryan", "Ryszard", "Rémi", "Sam", "Samuel", "Sanjay", "Sanjeev", "Scott", "Sean", "Serge",
    "Sergei", "Sergey", "Sergiy", "Serhii", "Serhiy", "Seth", "Shane", "Shankar", "Sharad", "Shaun", "Shawn", "Sheng", "Shi",
    "Shyam", "Simon", "Spencer", "Stan", "Stanislas", "Stanislav", "Stanisław", "Stanley", "Stefan", "Stepan", "Stephen",
    "Steve", "Steven", "Stewart", "Stuart", "Stéphane", "Subhash", "Sudarshan", "Sunil", "Surendra", "Suresh", "Sushil",
    "Svyatoslav", "Syed", "Sylvain", "Sébastien", "Tapas", "Taras", "Tarun", "Ted", "Terence", "Theodore", "Thibaut", "Thierry",
    "Thomas", "Tibor", "Tim", "Timothy", "Todd", "Tom", "Tomasz", "Tommy", "Tony", "Travis", "Trent", "Troy", "Tyler", "Ulrich",
    "Vadim", "Vadym", "Valentin", "Valentyn", "Valerii", "Valeriu", "Valeriy", "Valery", "Van", "Vasiliy", "Vasily", "Vasyl",
    "Vern", "Vernon", "Viacheslav", "Victor", "Vijay", "Viktor", "Vinay", "Vince", "Vincent", "Vinod", "Virendra", "Vishnu",
    "Vitalii", "Vitaliy", "Vitaly", "Vladimir", "Vladislav", "Vladyslav", "Volodymyr", "Vyacheslav", "Václav", "Walter", "Wan",
    "Warren", "Wayne", "Wen", "Wes", "Will", "William", "Willie", "Wolfgang", "Wong", "Xavier", "Xie", "Yannick", "Yaroslav",
    "Yegor", "Yevgeny", "Yevhen", "Yevheniy", "Yuan", "Yuri", "Yurii", "Yuriy", "Yury", "Yves", "Yvon", "Zack", "Zhou",
    "Édouard", "Éric", "Étienne", "Александр",
};
static const char *const women[] = {
    "Agnès", "Aleksandra", "Alexandra", "Alice", "Alicia", "Alina", "Aline", "Alison", "Alla", "Alma", "Amanda", "Amy", "Ana",
    "Andreja", "Angela", "Angie", "Anita", "Ann", "Anna", "Anne", "Annette", "Annick", "Annie", "April", "Arlette", "Astrid",
    "Aude", "Audrey", "Aurélie", "Barbara", "Becky", "Bernadette", "Beth", "Betsy", "Betty", "Beverly", "Bonnie", "Brenda",
    "Bridget", "Brigitte", "Béatrice", "Bénédicte", "Carol", "Carole", "Caroline", "Carolyn", "Carrie", "Catherine", "Cathy",
    "Chantal", "Charlotte", "Cheryl", "Christelle", "Christiane", "Christina", "Christine", "Cindy", "Claire", "Claudia",
    "Claudine", "Colette", "Colleen", "Corinne", "Cristina", "Cynthia", "Cécile", "Céline", "Danielle", "Danièle", "Dawn",
    "Deb", "Debbie", "Deborah", "Debra", "Delphine", "Denise", "Diana", "Diane", "Dina", "Donna", "Doris", "Eileen",
    "Ekaterina", "Elaine", "Eleanor", "Elena", "Elisabeth", "Elizabeth", "Ellen", "Elsa", "Elvira", "Emily", "Emmanuelle",
    "Erika", "Erin", "Estelle", "Esther", "Eva", "Fabienne", "Fanny", "Fatima", "Fiona", "Florence", "Frances", "Francine",
    "Françoise", "Frédérique", "Gabriela", "Gabrielle", "Gail", "Galina", "Gaëlle", "Geeta", "Geneviève", "Gillian", "Gina",
    "Gisèle", "Gloria", "Grace", "Halyna", "Hanna", "Harriet", "Heather", "Heidi", "Helen", "Helena", "Holly", "Huguette",
    "Hélène", "Inna", "Irina", "Iryna", "Isabel", "Isabelle", "Jacqueline", "Jane", "Janet", "Janice", "Jasmine", "Jen",
    "Jennifer", "Jenny", "Jessica", "Jill", "Joanna", "Joanne", "Josette", "Joyce", "Joëlle", "Judith", "Judy", "Julia",
    "Julie", "Karen", "Karin", "Karine", "Kate", "Kateryna", "Katherine", "Kathleen", "Kathryn", "Kathy", "Katie", "Kay",
    "Kimberly", "Kirsten", "Kristen", "Kristin", "Lana", "Larysa", "Laura", "Laure", "Laurence", "Laëtitia", "Lena", "Liliane",
    "Linda", "Lisa", "Lise", "Liudmyla", "Liz", "Lois", "Loretta", "Lori", "Lorraine", "Louise", "Lucy", "Lydia", "Lynda",
    "Lyubov", "Lyudmila", "Madeleine", "Maggie", "Marcia", "Margaret", "Maria", "Marianne", "Marie", "Marilyn", "Marina",
    "Marine", "Marion", "Martha", "Martine", "Mary", "Maryna", "Maryse", "María", "Mathilde", "Maud", "Maureen", "Meg",
    "Melanie", "Melissa", "Mia", "Michelle", "Michèle", "Mimi", "Mireille", "Monica", "Monique", "Muriel", "Myriam", "Mélanie",
    "Nadezhda", "Nadia", "Nadine", "Nadège", "Nancy", "Natalia", "Natalie", "Nataliia", "Nataliya", "Natalya", "Nathalie",
    "Nicola", "Nicole", "Nina", "Nora", "Odile", "Oksana", "Olena", "Olga", "Olha", "Olivia", "Pamela", "Pascale", "Patricia",
    "Patty", "Paula", "Paulette", "Pauline", "Peggy", "Pramila", "Rachel", "Raisa", "Rebecca", "Regina", "Renuka", "Rita",
    "Rosa", "Roselyne", "Rosemary", "Rosie", "Ruth", "Sabine", "Sabrina", "Sally", "Samantha", "Sandhya", "Sandra", "Sandrine",
    "Sara", "Sarah", "Sharon", "Sheila", "Shelley", "Shelly", "Sonia", "Sonja", "Sophie", "Stacey", "Stella", "Stephanie",
    "Stéphanie", "Sue", "Susan", "Svetlana", "Svitlana", "Sylvia", "Sylvie", "Séverine", "Tamara", "Tammy", "Tatiana", "Teresa",
    "Terri", "Tetiana", "Tetyana", "Theresa", "Tina", "Valentina", "Valentyna", "Valerie", "Valérie", "Vanessa", "Vera",
    "Veronica", "Veronika", "Vicky", "Victoria", "Viktoria", "Virginia", "Virginie", "Viviane", "Véronique", "Wendy", "Yelena",
    "Yuliia", "Yuliya", "Yvette", "Éliane", "Élisabeth", "Émilie", "Évelyne",
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

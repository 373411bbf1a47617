#include "processor/extract/first_names.h"

#include <stddef.h>

/* First names that at least eight of the politicians in ../shared/data/knowledge have, all but one in 25 of one gender. In the order of bytes. */
static const char *const men[] = {
    "Aaron", "Adam", "Adrian", "Ajay", "Alain", "Alan", "Albert", "Aleksandr", "Aleksey", "Alexander", "Alexandre", "Alexey",
    "Alfred", "Anatolii", "Anatoliy", "Andrei", "Andrew", "Andrey", "Andrii", "Andriy", "Andrzej", "André", "Andy", "Anil",
    "Anthony", "Antoine", "Anton", "Antonio", "Antony", "Arkady", "Arnaud", "Artem", "Arthur", "Artur", "Arun", "Ashok",
    "Aurélien", "Bai", "Barry", "Ben", "Benjamin", "Benoît", "Bernard", "Bertrand", "Bill", "Bob", "Bobby", "Bohdan", "Boris",
    "Borys", "Brad", "Brandon", "Brian", "Bruce", "Bruno", "Bryan", "Carl", "Carlos", "Chandra", "Charles", "Charlie",
    "Christian", "Christophe", "Christopher", "Chuck", "Colin", "Craig", "Dale", "Damien", "Dan", "Daniel", "Danny", "Dave",
    "David", "Dean", "Denis", "Dennis", "Denys", "Derek", "Dick", "Didier", "Dilip", "Dmitry", "Dmytro", "Dominic", "Don",
    "Donald", "Doug", "Douglas", "Drew", "Earl", "Eduard", "Edward", "Emmanuel", "Eric", "Erik", "Eugene", "Evgeniy", "Fabien",
    "Francesco", "Franck", "Frank", "François", "Fred", "Frédéric", "Gabriel", "Gareth", "Gary", "Gavin", "Gennadiy", "Gennady",
    "Geoffrey", "George", "Georges", "Georgy", "Gerald", "Gerry", "Gilbert", "Gilles", "Giuseppe", "Glenn", "Gordon", "Graham",
    "Greg", "Gregory", "Grigory", "Guillaume", "Guy", "Gérard", "Hans", "Harold", "Harry", "Hennadii", "Henri", "Henry",
    "Hervé", "Howard", "Hryhorii", "Hubert", "Hugh", "Iain", "Ian", "Igor", "Ihor", "Ivan", "Jack", "Jacques", "Jake", "James",
    "Jared", "Jason", "Jay", "Jeff", "Jeffrey", "Jeremy", "Jerry", "Jesse", "Jim", "Jimmy", "Joe", "Joel", "John", "Jon",
    "Jonathan", "Joseph", "Josh", "Joshua", "José", "Joël", "Juan", "Julian", "Julien", "Justin", "Jérôme", "Karl", "Keith",
    "Ken", "Kenneth", "Kevin", "Konstantin", "Kostiantyn", "Krzysztof", "Larry", "Laurent", "Leo", "Leonid", "Lev", "Lionel",
    "Lloyd", "Louis", "Loïc", "Luc", "Ludovic", "Luis", "Luo", "Mahendra", "Maksim", "Maksym", "Malcolm", "Manoj", "Manuel",
    "Marc", "Marcel", "Marco", "Marek", "Mario", "Mark", "Martin", "Matt", "Matthew", "Maurice", "Max", "Maxime", "Michael",
    "Michel", "Miguel", "Mike", "Mikhail", "Mohammad", "Mohammed", "Mohan", "Morgan", "Mykhailo", "Mykola", "Neil", "Nicholas",
    "Nick", "Nicolas", "Nigel", "Nikolai", "Nikolay", "Norman", "Oleg", "Oleh", "Oleksandr", "Oleksii", "Oleksiy", "Olivier",
    "Pascal", "Patrick", "Paul", "Pavel", "Pavlo", "Pedro", "Pete", "Peter", "Petr", "Petro", "Phil", "Philip", "Philippe",
    "Pierre", "Pradeep", "Pratap", "Rajendra", "Ralph", "Ram", "Ramesh", "Randy", "Raymond", "René", "Richard", "Rick", "Rob",
    "Robert", "Roberto", "Rod", "Rodney", "Roger", "Roland", "Romain", "Roman", "Ron", "Ronald", "Ronnie", "Ross", "Roy",
    "Ruslan", "Russ", "Russell", "Ryan", "Sam", "Samuel", "Sanjay", "Scott", "Sean", "Serge", "Sergei", "Sergey", "Serhii",
    "Serhiy", "Shane", "Simon", "Stanislav", "Stanley", "Stepan", "Stephen", "Steve", "Steven", "Stuart", "Stéphane", "Sunil",
    "Surendra", "Suresh", "Sylvain", "Sébastien", "Taras", "Ted", "Terence", "Thierry", "Thomas", "Tim", "Timothy", "Todd",
    "Tom", "Tommy", "Tony", "Troy", "Vadim", "Vadym", "Valentin", "Valentyn", "Valerii", "Valeriy", "Valery", "Vasily", "Vasyl",
    "Viacheslav", "Victor", "Vijay", "Viktor", "Vincent", "Vitalii", "Vitaliy", "Vitaly", "Vladimir", "Vladislav", "Vladyslav",
    "Volodymyr", "Vyacheslav", "Walter", "Wayne", "Will", "William", "Xavier", "Yannick", "Yaroslav", "Yevgeny", "Yevhen",
    "Yuri", "Yurii", "Yuriy", "Yury", "Yves", "Zhou", "Édouard", "Éric",
};
static const char *const women[] = {
    "Agnès", "Alexandra", "Alice", "Alison", "Amy", "Ana", "Angela", "Ann", "Anna", "Anne", "Annette", "Annick", "Annie",
    "Audrey", "Aurélie", "Barbara", "Beth", "Betty", "Brenda", "Brigitte", "Béatrice", "Carol", "Caroline", "Carolyn",
    "Catherine", "Cathy", "Chantal", "Charlotte", "Christelle", "Christine", "Cindy", "Claire", "Claudia", "Corinne", "Cynthia",
    "Cécile", "Danielle", "Dawn", "Debbie", "Deborah", "Denise", "Diana", "Diane", "Donna", "Doris", "Elaine", "Elena",
    "Elisabeth", "Elizabeth", "Emmanuelle", "Fiona", "Florence", "Françoise", "Frédérique", "Galina", "Geneviève", "Hanna",
    "Heather", "Helen", "Hélène", "Irina", "Iryna", "Isabelle", "Jacqueline", "Jane", "Janet", "Jennifer", "Jenny", "Jessica",
    "Jill", "Joyce", "Judith", "Judy", "Julia", "Julie", "Karen", "Karin", "Karine", "Kate", "Katherine", "Kathleen", "Kathy",
    "Katie", "Kay", "Laura", "Laurence", "Linda", "Lisa", "Liudmyla", "Liz", "Louise", "Lucy", "Lyudmila", "Margaret", "Maria",
    "Marianne", "Marie", "Marilyn", "Marina", "Martine", "Mary", "Maryse", "María", "Melanie", "Melissa", "Michelle", "Michèle",
    "Mireille", "Monique", "Muriel", "Myriam", "Nadia", "Nancy", "Natalia", "Natalie", "Natalya", "Nathalie", "Nicole", "Nina",
    "Oksana", "Olena", "Olga", "Olha", "Pascale", "Patricia", "Pauline", "Rachel", "Regina", "Rita", "Ruth", "Sabine", "Sally",
    "Sandra", "Sandrine", "Sara", "Sarah", "Sharon", "Sheila", "Sonia", "Sophie", "Stephanie", "Stéphanie", "Sue", "Susan",
    "Svetlana", "Svitlana", "Sylvia", "Sylvie", "Tatiana", "Teresa", "Terri", "Tetiana", "Tina", "Valentina", "Valerie",
    "Valérie", "Victoria", "Virginie", "Véronique", "Wendy", "Yelena", "Yuliya", "Élisabeth",
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

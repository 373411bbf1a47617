/* Accounts of social media in a text, "@realAnnLee": whose they are. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/text/boilerplate.h"

#include <stdbool.h>

/* Whether the word is an account; and whether it is the signature of a post, "(@annlee)", which speaks of nobody. */
bool handles_is(struct view text, struct span word);
bool handles_is_signature(struct view text, struct span word);

/* The name that an account is made of, "Ann Lee" of "realAnnLee" or "Ann_Lee7", "Lee" of "SenLee"; the account itself where no more than
 * one word is in it, without a title. In `arena`. */
struct view handles_name(struct view account, struct arena *arena);

/* Whether the account may be of who or what is called `name`: a person's full name stands in it, or the last name at its end behind
 * a title ("SenLee"); a body's name is all of it. */
bool handles_fits(struct view account, struct view name, bool is_person);

/* First names that tell whether "he" or "she" stands for a person. */
#pragma once

#include "processor/runtime/view.h"

/* 'm', 'f', or 0 where the name is not listed or both have it. As written: "Maria", not "maria". Thread: any. */
char first_names_gender(struct view name);

/* Whether the one is a short form of the other: "Mike" and "Michael", "Jen" and "Jennifer". In any order. Thread: any. */
bool first_names_are_one(struct view a, struct view b);

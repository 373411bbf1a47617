/* Text whose lines were broken at a width, as in mails, wire copy and text files: there a newline ends neither sentence nor paragraph. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/view.h"

/* `text` (valid UTF-8) with a space in the place of each newline that only breaks a line, so that every offset stays; `text`
 * itself where it is not wrapped. It is where no line has more than 100 characters and most lines that another follows had no
 * room for its first word. Such lines are joined, the others stay apart. Linear. Result in `arena`. Thread: any. */
struct view wrapped_joined(struct view text, struct arena *arena);

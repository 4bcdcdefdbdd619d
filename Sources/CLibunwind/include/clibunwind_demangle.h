#pragma once

// A C++ name as the source has it, from malloc; NULL for what is none.
char *clibunwind_demangle(const char *name);

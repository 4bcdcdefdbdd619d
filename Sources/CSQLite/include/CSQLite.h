#ifndef CSQLITE_H
#define CSQLITE_H

#include <sqlite3.h>

// A database in a file that is open already, has perhaps no name, and that nobody else reads or writes: a VFS of SQLite's that opens
// nothing by a path, takes no locks and keeps no journal.

typedef struct csqlite_file csqlite_file;

// Opens a nameless file for SQLite to sort in, and returns its descriptor, which SQLite closes; -1 with errno on failure.
typedef int (*csqlite_open_temporary)(void *context);

// Registers the VFS. `descriptor` stays the caller's. Returns NULL if memory runs out.
csqlite_file *csqlite_file_new(int descriptor, csqlite_open_temporary open_temporary, void *context);

// Opens the database, an empty one if the file is empty. Returns what sqlite3_open_v2 does.
int csqlite_file_open(csqlite_file *file, sqlite3 **database);

// The errno of the last system call that failed; 0 if none did.
int csqlite_file_error(const csqlite_file *file);

// Unregisters it. The database must be closed.
void csqlite_file_free(csqlite_file *file);

#endif

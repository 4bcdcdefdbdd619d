#include "CSQLite.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct csqlite_file {
    sqlite3_vfs vfs;
    char name[32];
    int descriptor;
    int error;
    csqlite_open_temporary open_temporary;
    void *context;
};

// What SQLite calls an open file.
struct open_file {
    sqlite3_file base;
    csqlite_file *owner;
    int descriptor;
    bool is_temporary;
};

static struct open_file *opened(sqlite3_file *file) { return (struct open_file *)file; }

static int failed(struct open_file *file, int result) {
    file->owner->error = errno;
    return errno == ENOSPC || errno == EDQUOT ? SQLITE_FULL : result;
}

static int close_file(sqlite3_file *file) {
    if (opened(file)->is_temporary) close(opened(file)->descriptor);
    return SQLITE_OK;
}

static int read_file(sqlite3_file *file, void *data, int count, sqlite3_int64 offset) {
    int done = 0;
    while (done < count) {
        ssize_t got = pread(opened(file)->descriptor, (char *)data + done, (size_t)(count - done), offset + done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed(opened(file), SQLITE_IOERR_READ);
        if (got == 0) {
            // SQLite relies on zeros behind the end.
            memset((char *)data + done, 0, (size_t)(count - done));
            return SQLITE_IOERR_SHORT_READ;
        }
        done += (int)got;
    }
    return SQLITE_OK;
}

static int write_file(sqlite3_file *file, const void *data, int count, sqlite3_int64 offset) {
    int done = 0;
    while (done < count) {
        ssize_t put = pwrite(opened(file)->descriptor, (const char *)data + done, (size_t)(count - done), offset + done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return failed(opened(file), SQLITE_IOERR_WRITE);
        done += (int)put;
    }
    return SQLITE_OK;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    return ftruncate(opened(file)->descriptor, size) == 0 ? SQLITE_OK : failed(opened(file), SQLITE_IOERR_TRUNCATE);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    struct stat status;
    if (fstat(opened(file)->descriptor, &status) != 0) return failed(opened(file), SQLITE_IOERR_FSTAT);
    *size = status.st_size;
    return SQLITE_OK;
}

// The caller publishes the file, and makes it durable first.
static int sync_file(sqlite3_file *file, int flags) {
    (void)file, (void)flags;
    return SQLITE_OK;
}

static int lock_file(sqlite3_file *file, int level) {
    (void)file, (void)level;
    return SQLITE_OK;
}

static int is_reserved(sqlite3_file *file, int *result) {
    (void)file;
    *result = 0;
    return SQLITE_OK;
}

static int control(sqlite3_file *file, int operation, void *argument) {
    (void)file, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *file) {
    (void)file;
    return 4096;
}

static int characteristics(sqlite3_file *file) {
    (void)file;
    return SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = lock_file,
    .xCheckReservedLock = is_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
};

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *result_flags) {
    csqlite_file *owner = vfs->pAppData;
    bool is_temporary = name == NULL;
    file->pMethods = NULL;
    // Journals have names: there are none.
    if (!is_temporary && !(flags & SQLITE_OPEN_MAIN_DB)) return SQLITE_CANTOPEN;
    int descriptor = is_temporary ? owner->open_temporary(owner->context) : owner->descriptor;
    if (descriptor < 0) {
        owner->error = errno;
        return errno == ENOSPC || errno == EDQUOT ? SQLITE_FULL : SQLITE_CANTOPEN;
    }
    *opened(file) = (struct open_file){{&methods}, owner, descriptor, is_temporary};
    if (result_flags) *result_flags = flags;
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs, (void)name, (void)sync;
    return SQLITE_IOERR_DELETE_NOENT;
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    (void)vfs, (void)name, (void)flags;
    *result = 0;
    return SQLITE_OK;
}

static int full_name(sqlite3_vfs *vfs, const char *name, int size, char *result) {
    (void)vfs;
    return snprintf(result, (size_t)size, "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int last_error(sqlite3_vfs *vfs, int size, char *text) {
    (void)size, (void)text;
    return ((csqlite_file *)vfs->pAppData)->error;
}

// Those of the clock and of random numbers are the system's.
static int randomness(sqlite3_vfs *vfs, int count, char *result) {
    (void)vfs;
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    return system->xRandomness(system, count, result);
}

static int current_time(sqlite3_vfs *vfs, double *result) {
    (void)vfs;
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    return system->xCurrentTime(system, result);
}

// Nothing is waited for: nobody else has the file.
static int sleep_for(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return microseconds;
}

csqlite_file *csqlite_file_new(int descriptor, csqlite_open_temporary open_temporary, void *context) {
    csqlite_file *file = calloc(1, sizeof *file);
    if (!file) return NULL;
    file->descriptor = descriptor;
    file->open_temporary = open_temporary;
    file->context = context;
    snprintf(file->name, sizeof file->name, "heapdump-%p", (void *)file);
    file->vfs = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(struct open_file),
        .mxPathname = 64,
        .zName = file->name,
        .pAppData = file,
        .xOpen = open_file,
        .xDelete = delete_file,
        .xAccess = access_file,
        .xFullPathname = full_name,
        .xRandomness = randomness,
        .xSleep = sleep_for,
        .xCurrentTime = current_time,
        .xGetLastError = last_error,
    };
    if (sqlite3_vfs_register(&file->vfs, 0) == SQLITE_OK) return file;
    free(file);
    return NULL;
}

int csqlite_file_open(csqlite_file *file, sqlite3 **database) {
    return sqlite3_open_v2(file->name, database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, file->name);
}

int csqlite_file_error(const csqlite_file *file) { return file->error; }

void csqlite_file_free(csqlite_file *file) {
    sqlite3_vfs_unregister(&file->vfs);
    free(file);
}

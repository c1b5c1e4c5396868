// Writes every statement that SQLite runs to the file SQL_TRACE: the connection, the text, the text with its values,
// separated by tabs, one line each. Line breaks, tabs and backslashes are written as \n, \t and \\.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static FILE *output;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void write_escaped(const char *text) {
    for (; *text; text++) {
        switch (*text) {
            case '\n': fputs("\\n", output); break;
            case '\t': fputs("\\t", output); break;
            case '\\': fputs("\\\\", output); break;
            default: putc(*text, output);
        }
    }
}

// What a trigger runs is reported as a comment, and left out: it runs again wherever its statement does.
static int on_statement(unsigned kind, void *context, void *statement, void *text) {
    (void)context;
    if (kind != SQLITE_TRACE_STMT || ((const char *)text)[0] == '-') return 0;
    char *expanded = sqlite3_expanded_sql(statement);
    if (!expanded) return 0;
    pthread_mutex_lock(&lock);
    fprintf(output, "%p\t", (void *)sqlite3_db_handle(statement));
    write_escaped(sqlite3_sql(statement));
    putc('\t', output);
    write_escaped(expanded);
    putc('\n', output);
    pthread_mutex_unlock(&lock);
    sqlite3_free(expanded);
    return 0;
}

static void close_output(void) { fclose(output); }

int sqlite3_open_v2(const char *path, sqlite3 **database, int flags, const char *vfs) {
    static int (*real)(const char *, sqlite3 **, int, const char *);
    pthread_mutex_lock(&lock);
    if (!real) real = dlsym(RTLD_NEXT, "sqlite3_open_v2");
    if (!output && getenv("SQL_TRACE")) {
        output = fopen(getenv("SQL_TRACE"), "w");
        if (output) atexit(close_output);
    }
    pthread_mutex_unlock(&lock);
    int status = real(path, database, flags, vfs);
    if (status == SQLITE_OK && output) sqlite3_trace_v2(*database, SQLITE_TRACE_STMT, on_statement, NULL);
    return status;
}

// Runs the statements of a plan against a SQLite database, in a plain loop: the reference that a server is measured
// beside. Prints the seconds that the timed part took. Usage: sqlite_loop DATABASE PLAN
//
// The plan is binary, little-endian: the number of distinct statements (u32), each as length (u32) and text; the
// number of steps (u32) and the first timed one (u32); each step as statement (u32), number of values (u16), and each
// value as a type (u8: 0 NULL, 1 i64, 2 f64, 3 text, 4 bytes) followed by 8 bytes, or by a length (u32) and the bytes.
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const unsigned char *place;

static void take(void *target, size_t size) {
    memcpy(target, place, size);
    place += size;
}

static uint32_t take_number(void) {
    uint32_t number;
    take(&number, sizeof number);
    return number;
}

static void fail(sqlite3 *database, const char *what) {
    fprintf(stderr, "%s: %s\n", what, database ? sqlite3_errmsg(database) : "");
    exit(1);
}

static void bind(sqlite3_stmt *statement, int index, unsigned char type) {
    int64_t integer;
    double real;
    uint32_t length;
    switch (type) {
        case 1: take(&integer, 8); sqlite3_bind_int64(statement, index, integer); return;
        case 2: take(&real, 8); sqlite3_bind_double(statement, index, real); return;
        case 3:
        case 4:
            length = take_number();
            if (type == 3) sqlite3_bind_text(statement, index, (const char *)place, (int)length, SQLITE_STATIC);
            else sqlite3_bind_blob(statement, index, place, (int)length, SQLITE_STATIC);
            place += length;
            return;
        default: sqlite3_bind_null(statement, index);
    }
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static unsigned char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail(NULL, path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    unsigned char *bytes = malloc((size_t)size + 1);
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size) fail(NULL, path);
    fclose(file);
    return bytes;
}

int main(int count, char **arguments) {
    if (count != 3) fail(NULL, "usage: sqlite_loop DATABASE PLAN");
    sqlite3 *database;
    if (sqlite3_open_v2(arguments[1], &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL)) {
        fail(database, arguments[1]);
    }
    place = read_file(arguments[2]);
    uint32_t distinct = take_number();
    const char **texts = calloc(distinct, sizeof *texts);
    int *lengths = calloc(distinct, sizeof *lengths);
    sqlite3_stmt **statements = calloc(distinct, sizeof *statements);
    for (uint32_t index = 0; index < distinct; index++) {
        lengths[index] = (int)take_number();
        texts[index] = (const char *)place;
        place += lengths[index];
    }
    uint32_t steps = take_number(), first_timed = take_number();
    double started = seconds();
    for (uint32_t step = 0; step < steps; step++) {
        if (step == first_timed) started = seconds();
        uint32_t index = take_number();
        if (!statements[index]
            && sqlite3_prepare_v3(database, texts[index], lengths[index], SQLITE_PREPARE_PERSISTENT,
                                  &statements[index], NULL)) {
            fail(database, "prepare");
        }
        uint16_t values;
        take(&values, sizeof values);
        for (int value = 1; value <= values; value++) {
            unsigned char type = *place++;
            bind(statements[index], value, type);
        }
        int status;
        do { status = sqlite3_step(statements[index]); } while (status == SQLITE_ROW);
        if (status != SQLITE_DONE) fail(database, sqlite3_sql(statements[index]));
        sqlite3_reset(statements[index]);
    }
    printf("%.6f\n", seconds() - started);
    return 0;
}

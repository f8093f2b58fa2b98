/*
 * SPDX-License-Identifier: MIT
 *
 * Shows a fuzzer which edges of a server run. Compile this file without, and the server with, coverage, and link them:
 *
 *   cc -O1 -g -c edge-map.c
 *   cc -O1 -g -fsanitize=address -fsanitize-coverage=trace-pc server.c edge-map.o -o server
 *
 * gcc 8 and clang 3.9 know the option (clang: -fsanitize-coverage=trace-pc,edge). Where WIREGRADE_EDGES names a file,
 * preferably in /dev/shm, it is mapped: one counter an octet, as many as the largest power of two that the file has room
 * for. Each block counts up the counter of its own address hashed with the one before it, and counters stop at 255. The
 * fuzzer clears the file before each session. Without the variable nothing is mapped, and the server runs as ever.
 *
 * Children that are forked count in the same file. Addresses are taken relative to this file's code, so that they are
 * the same wherever the program is loaded: a library of its own needs this file linked into it once more.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __clang__
#define BARE __attribute__((no_sanitize("address", "undefined", "coverage")))
#else
#define BARE __attribute__((no_sanitize("address"), no_sanitize("undefined")))
#endif

static uint8_t nowhere[1];
static uint8_t *map = nowhere;
static uintptr_t mask;
static __thread uintptr_t before;

BARE __attribute__((constructor)) static void map_edges(void) {
  const char *name = getenv("WIREGRADE_EDGES");
  if (name == NULL) return;
  int file = open(name, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  struct stat about;
  size_t size = 1;
  if (fstat(file, &about) == 0 && about.st_size > 0) {
    while (size * 2 <= (size_t)about.st_size) size *= 2;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) {
      map = memory;
      mask = size - 1;
    }
  }
  close(file);
}

BARE void __sanitizer_cov_trace_pc(void) {
  uintptr_t place = (uintptr_t)__builtin_return_address(0) - (uintptr_t)&map_edges;
  /* Fibonacci hashing: neighbouring blocks get counters far apart. */
  place = (uintptr_t)(((uint64_t)place * 0x9e3779b97f4a7c15u) >> 32);
  uint8_t *counter = &map[(place ^ before) & mask];
  if (*counter != 255) ++*counter;
  before = place >> 1;
}

/* avro-c (Debian's libavro) on the same records: see bench/avro. Reads into a generic value that is used again. It knows
 * no defaults, so it cannot read these records as the later version has them. */

#include <avro.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct record {
  const char* bytes;
  uint32_t size;
};

static struct record* records;
static size_t record_count;

static void fail(const char* what) {
  fprintf(stderr, "avro_c: %s: %s\n", what, avro_strerror());
  exit(1);
}

static char* read_file(const char* folder, const char* name, const char* end, size_t* size) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s%s", folder, name, end);
  FILE* file = fopen(path, "rb");
  if (file == NULL) fail(path);
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  char* bytes = malloc(*size + 1);
  if (fread(bytes, 1, *size, file) != *size) fail(path);
  bytes[*size] = '\0';
  fclose(file);
  return bytes;
}

static avro_schema_t read_schema(const char* folder, const char* name, const char* end) {
  size_t size;
  char* text = read_file(folder, name, end, &size);
  avro_schema_t schema;
  if (avro_schema_from_json_length(text, size, &schema) != 0) fail(name);
  return schema;
}

static void read_records(const char* folder, const char* name) {
  size_t size;
  const char* at = read_file(folder, name, ".bin", &size);
  const char* const end = at + size;
  records = malloc(size / 4 * sizeof *records);
  for (record_count = 0; at < end; ++record_count) {
    memcpy(&records[record_count].size, at, 4);
    records[record_count].bytes = at + 4;
    at += 4 + records[record_count].size;
  }
}

enum work { kDecode, kEncode, kToJson };

static void run(enum work work, avro_value_t* value) {
  static char buffer[1 << 20];
  avro_reader_t reader = avro_reader_memory(records[0].bytes, records[0].size);
  avro_writer_t writer = avro_writer_memory(buffer, sizeof buffer);
  for (size_t i = 0; i < record_count; ++i) {
    if (work == kEncode) {
      avro_writer_reset(writer);
      if (avro_value_write(writer, value) != 0) fail("encode");
      continue;
    }
    avro_reader_memory_set_source(reader, records[i].bytes, records[i].size);
    avro_value_reset(value);
    if (avro_value_read(reader, value) != 0) fail("decode");
    if (work == kToJson) {
      char* json;
      if (avro_value_to_json(value, 1, &json) != 0) fail("to JSON");
      free(json);
    }
  }
  avro_reader_free(reader);
  avro_writer_free(writer);
}

static void measure(const char* name, const char* what, int passes, enum work work, avro_value_t* value) {
  double least = 1e300;
  for (int i = 0; i <= passes; ++i) {
    const clock_t start = clock();
    run(work, value);
    const double spent = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (i > 0 && spent < least) least = spent;
  }
  printf("avro-c\t%s\t%s\t%.1f\n", what, name, least * 1e9 / (double)record_count);
  fflush(stdout);
}

/* avro_c FOLDER PASSES */
int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int passes = atoi(argv[2]);
  const char* names[] = {"status", "wide"};
  for (int i = 0; i < 2; ++i) {
    read_records(argv[1], names[i]);
    avro_schema_t writer = read_schema(argv[1], names[i], ".avsc");
    avro_value_iface_t* plain = avro_generic_class_from_schema(writer);
    avro_value_t value;
    avro_generic_value_new(plain, &value);
    measure(names[i], "decode", passes, kDecode, &value);

    measure(names[i], "encode", passes, kEncode, &value);
    measure(names[i], "to Avro JSON", passes, kToJson, &value);
  }
  return 0;
}

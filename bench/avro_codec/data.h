// The schemas and records that the Avro codecs are measured on: `status`, six fields and some 80 bytes, and `wide`, 64
// fields and some 1,000 bytes with nested records, arrays and maps. The records come from a fixed seed.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace omashu::bench {

struct Dataset {
  std::string name;
  std::string schema;         // that the records were written with
  std::string reader_schema;  // a later version: fields moved, dropped, promoted and added
  std::vector<std::string> records;
};

Dataset status_records(size_t count);
Dataset wide_records(size_t count);

}  // namespace omashu::bench

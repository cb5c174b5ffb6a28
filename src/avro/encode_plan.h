// A schema as the encoders of JSON look at it: names, defaults and branches have been looked up beforehand.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "avro/name_table.h"
#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::avro {

// A type of the schema. Its parts are named by their index in EncodePlan::nodes.
struct EncodeNode {
  const Node* schema = nullptr;
  uint32_t items = 0;                 // array, map
  std::vector<uint32_t> parts;        // the types of a record's fields, or a union's branches
  std::vector<std::string> defaults;  // record: binary, one for each field
  std::vector<bool> has_default;      // record
  NameTable names;                    // of a record's fields or an enum's symbols

  // `"name":`, as most texts have it: of a record's fields, or a union's branches.
  std::vector<std::string> member_texts;

  // Union: the branch for null; the only one that a string, or a number, can be, where that is a string or enum, or a
  // number without a text form. -1: there is none, or there are several.
  int null_branch = -1;
  int string_branch = -1;
  int number_branch = -1;
};

struct EncodePlan {
  Schema schema;
  std::vector<EncodeNode> nodes;  // the first is the root
};

Result<EncodePlan> compile_encode_plan(const Schema& schema);

}  // namespace omashu::avro

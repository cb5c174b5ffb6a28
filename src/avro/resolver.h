// Schema resolution (specification, "Schema Resolution"): how each part of a writer's data becomes the reader's.
//
// The result is a graph of Resolution nodes, one for each pair of types that meet; recursive schemas make it cyclic.
// It knows nothing of what is made of the data.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::avro {

struct Resolution;

struct FieldResolution {
  const Field* writer = nullptr;
  int reader_index = -1;              // of the reader's field; -1: nobody reads it, skip
  const Resolution* value = nullptr;  // nothing where it is skipped
};

struct Resolution {
  enum class Kind : uint8_t {
    kUnresolved,   // is being resolved
    kMismatch,     // no such datum can be read; `mismatch` says why
    kSame,         // a type without parts, read as what was written, or as what it is promoted to
    kEnum,         //
    kRecord,       //
    kItems,        // array or map
    kWriterUnion,  // `branches`, one for each of the writer's; some may be mismatches
    kReaderUnion,  // the writer has no union here; branches[0] leads to the reader's branch `reader_branch`
  };

  Kind kind = Kind::kUnresolved;
  const Node* writer = nullptr;
  const Node* reader = nullptr;

  std::string mismatch_path;  // from here: ".source.url"
  std::string mismatch;

  std::vector<FieldResolution> fields;      // record, in the writer's order
  std::vector<size_t> defaulted;            // record: the reader's fields that the writer has not
  std::vector<int64_t> symbols;             // enum: the reader's index for each of the writer's symbols; -1: none
  const Resolution* items = nullptr;        // array, map
  std::vector<const Resolution*> branches;  // unions
  size_t reader_branch = 0;
};

class Resolver {
 public:
  // Fails where no datum of the writer can be read. With `any_root_name` two records, enums or fixed at the top match
  // whatever their names are.
  Result<const Resolution*> resolve(const Node& writer, const Node& reader, bool any_root_name = false);

 private:
  Resolution& resolve_pair(const Node& writer, const Node& reader);
  void fill(Resolution& resolution);
  void fill_writer_union(Resolution& resolution);
  void fill_reader_union(Resolution& resolution);
  void fill_record(Resolution& resolution);
  void fill_enum(Resolution& resolution);
  void fill_items(Resolution& resolution);
  int find_branch(const Node& writer, const Node& reader_union);

  std::map<std::pair<const Node*, const Node*>, Resolution*> known_;
  std::deque<Resolution> resolutions_;
  const Node* any_name_ = nullptr;  // the writer's root, where its name does not matter
  size_t depth_ = 0;
};

}  // namespace omashu::avro

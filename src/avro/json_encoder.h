// JSON text to binary data, for a schema whose names, defaults and branches have been looked up beforehand.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "avro/codec.h"
#include "avro/encode_plan.h"
#include "avro/program.h"
#include "avro/schema.h"
#include "base/json.h"
#include "omashu/result.h"

namespace omashu::avro {

// Encodes one text. Where a text can be read in two ways (a union's value bare or tagged, the text of a decimal or its
// bytes), `form` says which is tried first.
class JsonEncoder {
 public:
  JsonEncoder(const EncodePlan& plan, std::string_view json, JsonForm form, std::string& out)
      : plan_(plan), json_(json), reader_(json), form_(form), out_(out) {}

  Result<void> run();

 private:
  // One step of the path to the value at hand; the steps live on the stack of the calls that took them.
  struct Step {
    const Step* parent = nullptr;
    std::string_view name = {};  // of a field
    size_t index = 0;            // of an array's item, or where in out_ a map's key is
    size_t key_size = 0;
    bool is_key = false;
  };
  class Descent;

  // Where a field's bytes are in out_, while the record's other fields are still to come.
  struct Span {
    static constexpr size_t kMissing = SIZE_MAX;
    size_t start = kMissing;
    size_t size = 0;
  };

  // Runs `encode` one level further down, where there is one.
  bool bounded(auto encode);

  // These encode the value whose first token is the current one, and end at its last token. False once failed.
  bool value(uint32_t index);
  bool integer(const Node& type);
  bool real(const Node& type);
  template <class T>
  bool real(std::string_view type_name);
  bool string(const Node& type);
  bool bytes(const Node& type);
  bool enumeration(const Node& type);
  bool array(const EncodeNode& node);
  bool check_empty_items(size_t datum_bytes);
  bool map(const EncodeNode& node);
  bool record(const EncodeNode& node);
  bool union_value(const EncodeNode& node);
  bool branch_value(const EncodeNode& node, size_t branch);
  bool tagged(const EncodeNode& node, size_t branch);
  bool no_branch(const EncodeNode& node);

  bool finish_record(const EncodeNode& node, size_t first_span, size_t start);
  bool check_keys(const std::vector<Span>& keys);
  void insert_count(size_t start, size_t count);
  Result<std::string> base64_object();

  bool unknown_field(const EncodeNode& node);
  bool expected(std::string_view what);
  bool fail_with_found(const std::string& problem);
  bool fail(std::string message);
  std::string path() const;

  const EncodePlan& plan_;
  const std::string_view json_;
  json::Reader reader_;
  const JsonForm form_;
  std::string& out_;
  uint64_t empty_items_ = 0;
  std::vector<Span> spans_;  // of the records that are open, the innermost last
  const Step* step_ = nullptr;
  size_t depth_ = 0;
  Error error_;
};

// What can be read again is bounded by the decoder's nesting.
bool JsonEncoder::bounded(auto encode) {
  if (depth_ >= kMaxNesting) return fail("nested too deep");
  ++depth_;
  const bool done = encode();
  --depth_;
  return done;
}

}  // namespace omashu::avro

// Puts a program together op by op: literals, places, and the fusion of ops that follow each other.
//
// Ops are fused where no path leads to the second one alone. So whoever keeps the index of the next op as the target of
// a jump takes it from join(), which keeps what comes from being fused with what was there.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "avro/program.h"
#include "omashu/result.h"

namespace omashu::avro {

class ProgramBuilder {
 public:
  explicit ProgramBuilder(Target target);

  bool is_json() const { return target_ != Target::kSlots; }
  Target target() const { return target_; }
  size_t size() const { return program_.ops.size(); }

  // Adds an op, with the JSON text that has come up since the last one, or makes the last op's run one longer. The
  // index that is returned holds until the next call.
  uint32_t emit(Op op);
  // A jump or call is given its target when that is known.
  Op& op(uint32_t index) { return program_.ops[index]; }
  // The index of the next op, as the target of a jump.
  uint32_t join();

  // A value's op may be fused with the kOptional or kArray before it once all of it is there.
  void end_optional(uint32_t optional);
  void end_items(uint32_t loop);

  // JSON text that is written before what the next op writes.
  void text(std::string_view piece);
  void text_name(std::string_view name);  // `"name":`
  void flush_text();                      // where paths join, text that belongs to one of them must be out

  Literal intern(std::string_view piece);
  uint32_t add_table(std::initializer_list<uint32_t> entries);
  std::vector<uint32_t>& tables() { return program_.tables; }
  uint32_t add_union(const Node& node);

  // The place of the ops to come: that of a field within the one before, or the top of a routine or an item (0).
  uint32_t place() const { return place_; }
  void set_place(uint32_t place) { place_ = place; }
  void enter_field(std::string_view name);

  // Fails where names and defaults are out of all proportion.
  Result<Program> finish(uint32_t root_slots);

 private:
  bool extend_run(const Op& op);
  void remove_last_op();

  const Target target_;
  Program program_;
  std::string pending_text_;
  uint32_t place_ = 0;
  uint32_t last_join_ = 0;
  std::unordered_map<std::string, uint32_t> interned_;
};

}  // namespace omashu::avro

#include "avro/compiler.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "avro/default_datum.h"
#include "avro/json_sink.h"
#include "avro/program_builder.h"
#include "avro/union_rule.h"
#include "base/json.h"

namespace omashu::avro {

namespace {

// Records are compiled in line until a program has this many ops; from then on, and where they nest this deep or
// contain themselves, they are routines. So a schema that names a record in many places costs no more than its text.
constexpr size_t kMaxInlineOps = 4096;
constexpr size_t kMaxInlineSlots = 2048;
constexpr size_t kMaxInlineDepth = 64;

// Bounds the sum of fewest_bytes, so that it does not overflow.
constexpr uint32_t kManyBytes = 1u << 20;

class ProgramCompiler {
 public:
  explicit ProgramCompiler(Target target) : target_(target), program_(target) {}

  Result<Program> compile(const Resolution& root);

 private:
  // A record that is called: read through a resolution, or skipped as the writer has it.
  struct Routine {
    const Resolution* read = nullptr;
    const Node* skipped = nullptr;
    uint32_t entry = 0;
    uint32_t slots = 0;
    std::vector<uint32_t> calls = {};
  };

  bool is_json() const { return program_.is_json(); }
  uint32_t emit(Op op) { return program_.emit(op); }
  void text(std::string_view piece) { program_.text(piece); }

  void value(const Resolution& resolution, uint32_t slot);
  void mismatch(const Resolution& resolution);
  void scalar(const Resolution& resolution, uint32_t slot);
  void enumeration(const Resolution& resolution, uint32_t slot);
  void items(const Resolution& resolution, uint32_t slot);
  void writer_union(const Resolution& resolution, uint32_t slot);
  bool optional(const Resolution& resolution, uint32_t slot);
  void reader_union(const Resolution& resolution, uint32_t slot);
  void checked_branch(const Resolution& resolution);
  void branches(const Node& written, auto compile_branch);

  void record(const Resolution& resolution, uint32_t slot);
  void fields(const Resolution& resolution, uint32_t first_slot);
  void fields_in_order(const Resolution& resolution);
  void fields_reordered(const Resolution& resolution);
  void fields_to_slots(const Resolution& resolution, uint32_t first_slot);
  void field_value(const FieldResolution& field, std::string_view name, uint32_t slot);
  void default_slots(const Field& field, uint32_t slot);
  void default_text(const Field& field);
  std::string default_bytes(const Field& field);

  void skip(const Node& node);
  void skip_record(const Node& node);

  bool may_inline(const void* record, size_t slots) const;
  void call(Routine routine, const void* record, uint32_t slot);
  void compile_routines();

  uint32_t fewest_bytes(const Node& node);

  const Target target_;
  ProgramBuilder program_;
  uint32_t region_slots_ = 0;
  std::set<const void*> open_records_;  // compiled in line right now
  std::map<const void*, Routine> routines_;
  std::deque<Routine*> routines_to_do_;
  std::map<const Node*, uint32_t> fewest_bytes_;
  size_t fewest_bytes_depth_ = 0;
  std::deque<Resolver> default_resolvers_;  // own the resolutions that routines may still need
  std::optional<Error> error_;
};

Result<Program> ProgramCompiler::compile(const Resolution& root) {
  region_slots_ = 1;
  value(root, 0);
  emit({.code = OpCode::kEnd});
  const uint32_t root_slots = region_slots_;
  compile_routines();
  if (error_) return fail(std::move(*error_));
  return program_.finish(root_slots);
}

void ProgramCompiler::compile_routines() {
  while (!routines_to_do_.empty()) {
    Routine& routine = *routines_to_do_.front();
    routines_to_do_.pop_front();
    routine.entry = program_.join();
    program_.set_place(0);
    if (routine.read != nullptr) {
      region_slots_ = static_cast<uint32_t>(routine.read->reader->fields.size());
      fields(*routine.read, 0);
    } else {
      for (const Field& field : routine.skipped->fields) skip(*field.type);
    }
    emit({.code = OpCode::kReturn});
    routine.slots = region_slots_;
  }
  for (const auto& [record, routine] : routines_) {
    for (const uint32_t op : routine.calls) {
      program_.op(op).x = routine.entry;
      program_.op(op).n = routine.slots;
    }
  }
}

// ---- values

void ProgramCompiler::value(const Resolution& resolution, uint32_t slot) {
  switch (resolution.kind) {
    case Resolution::Kind::kUnresolved:
    case Resolution::Kind::kMismatch: return mismatch(resolution);
    case Resolution::Kind::kSame: return scalar(resolution, slot);
    case Resolution::Kind::kEnum: return enumeration(resolution, slot);
    case Resolution::Kind::kRecord: return record(resolution, slot);
    case Resolution::Kind::kItems: return items(resolution, slot);
    case Resolution::Kind::kWriterUnion: return writer_union(resolution, slot);
    case Resolution::Kind::kReaderUnion: return reader_union(resolution, slot);
  }
}

void ProgramCompiler::mismatch(const Resolution& resolution) {
  const Literal reason = program_.intern(resolution.mismatch);
  emit({.code = OpCode::kMismatch, .n = reason.size, .x = reason.offset});
}

void ProgramCompiler::scalar(const Resolution& resolution, uint32_t slot) {
  const Node& reader = *resolution.reader;
  const Type from = resolution.writer->type;
  const Type to = reader.type;
  const bool as_text = target_ == Target::kPlainJson && reader.logical_type != LogicalType::kNone;
  Op op{.n = 1, .at = slot};
  if (as_text) {
    op.detail = static_cast<uint8_t>(reader.logical_type);
    if (reader.logical_type == LogicalType::kDecimal) {
      op.x = program_.add_table({static_cast<uint32_t>(reader.scale), static_cast<uint32_t>(reader.precision)});
    }
  }
  switch (from) {
    case Type::kNull: return text("null");
    case Type::kBoolean: op.code = OpCode::kBoolean; break;
    case Type::kInt:
      op.code = to == Type::kFloat    ? OpCode::kIntToFloat
                : to == Type::kDouble ? OpCode::kIntToDouble
                : as_text             ? OpCode::kIntText
                                      : OpCode::kInt;
      break;
    case Type::kLong:
      op.code = to == Type::kFloat    ? OpCode::kLongToFloat
                : to == Type::kDouble ? OpCode::kLongToDouble
                : as_text             ? OpCode::kLongText
                                      : OpCode::kLong;
      break;
    case Type::kFloat: op.code = to == Type::kDouble ? OpCode::kFloatToDouble : OpCode::kFloat; break;
    case Type::kDouble: op.code = OpCode::kDouble; break;
    case Type::kBytes:
    case Type::kString:
      op.code = to == Type::kString ? OpCode::kString : as_text ? OpCode::kBytesText : OpCode::kBytes;
      break;
    default:
      op.code = as_text ? OpCode::kFixedText : OpCode::kFixed;
      op.n = static_cast<uint32_t>(reader.fixed_size);
      break;
  }
  emit(op);
}

void ProgramCompiler::enumeration(const Resolution& resolution, uint32_t slot) {
  const std::vector<int64_t>& symbols = resolution.symbols;
  Op op{.code = OpCode::kEnum, .n = static_cast<uint32_t>(symbols.size()), .x = Op::kNone, .at = slot};
  bool same = true;
  for (size_t i = 0; i < symbols.size(); ++i) same = same && symbols[i] == static_cast<int64_t>(i);
  if (is_json() || !same) {
    op.x = program_.add_table({});
    for (const int64_t index : symbols) {
      if (!is_json()) {
        program_.add_table({index < 0 ? Op::kNone : static_cast<uint32_t>(index)});
        continue;
      }
      std::string quoted;
      if (index >= 0) json::append_quoted(quoted, resolution.reader->symbols[static_cast<size_t>(index)]);
      const Literal symbol = program_.intern(quoted);
      program_.add_table({index < 0 ? Op::kNone : symbol.offset, symbol.size});
    }
  }
  emit(op);
}

void ProgramCompiler::items(const Resolution& resolution, uint32_t slot) {
  const bool is_map = resolution.reader->type == Type::kMap;
  text(is_map ? "{" : "[");
  const uint32_t loop = emit({.code = is_map ? OpCode::kMap : OpCode::kArray,
                              .n = fewest_bytes(*resolution.writer->items) + (is_map ? 1 : 0),
                              .at = slot});
  const uint32_t outer_slots = std::exchange(region_slots_, is_map ? 2 : 1);
  const uint32_t outer_place = program_.place();
  program_.set_place(0);
  value(*resolution.items, is_map ? 1 : 0);
  if (!is_json()) program_.op(loop).size = static_cast<uint16_t>(region_slots_);
  region_slots_ = outer_slots;
  program_.end_items(loop);
  program_.set_place(outer_place);
  text(is_map ? "}" : "]");
}

// ---- unions

void ProgramCompiler::reader_union(const Resolution& resolution, uint32_t slot) {
  const Node& branch = *resolution.branches[0]->reader;
  if (!is_json()) emit({.code = OpCode::kBranch, .n = static_cast<uint32_t>(resolution.reader_branch), .at = slot});
  const bool tagged = target_ == Target::kAvroJson && branch.type != Type::kNull;
  if (tagged) {
    text("{");
    program_.text_name(branch_name(branch));
  }
  if (target_ == Target::kPlainJson && may_be_misread(*resolution.reader, resolution.reader_branch)) {
    return checked_branch(resolution);
  }
  value(*resolution.branches[0], slot);
  if (tagged) text("}");
}

// A bare value that might be read as another branch: where it starts is marked, and once it is written it is looked at.
void ProgramCompiler::checked_branch(const Resolution& resolution) {
  emit({.code = OpCode::kMark});
  value(*resolution.branches[0], 0);
  std::string tag = "{";
  json::append_quoted(tag, branch_name(*resolution.branches[0]->reader));
  tag += ':';
  const Literal literal = program_.intern(tag);
  const uint32_t table = program_.add_table({program_.add_union(*resolution.reader), literal.offset, literal.size});
  emit({.code = OpCode::kTagIfMisread, .n = static_cast<uint32_t>(resolution.reader_branch), .x = table});
}

void ProgramCompiler::writer_union(const Resolution& resolution, uint32_t slot) {
  if (optional(resolution, slot)) return;
  branches(*resolution.writer, [&](size_t i) { value(*resolution.branches[i], slot); });
}

// The usual union, null and one more, without a jump table. False where it is another.
bool ProgramCompiler::optional(const Resolution& resolution, uint32_t slot) {
  const std::vector<const Node*>& written = resolution.writer->branches;
  if (written.size() != 2 || resolution.reader->type != Type::kUnion) return false;
  const size_t null = written[0]->type == Type::kNull ? 0 : 1;
  const Resolution& null_value = *resolution.branches[null];
  const Resolution& other_value = *resolution.branches[1 - null];
  if (written[null]->type != Type::kNull || null_value.kind != Resolution::Kind::kReaderUnion) return false;
  if (null_value.reader_branch > OptionalDetail::kMaxBranch || other_value.reader_branch > UINT16_MAX) return false;
  const uint32_t op = emit(
      {.code = OpCode::kOptional,
       .detail = OptionalDetail::pack(static_cast<uint32_t>(null), static_cast<uint32_t>(null_value.reader_branch)),
       .at = slot});
  if (!is_json() && other_value.kind == Resolution::Kind::kReaderUnion) {
    // The op itself says the branch.
    program_.op(op).size = static_cast<uint16_t>(other_value.reader_branch);
    value(*other_value.branches[0], slot);
  } else {
    value(other_value, slot);
  }
  program_.end_optional(op);
  return true;
}

void ProgramCompiler::branches(const Node& written, auto compile_branch) {
  const auto count = static_cast<uint32_t>(written.branches.size());
  const uint32_t table = program_.add_table({});
  program_.tables().resize(table + count);
  emit({.code = OpCode::kUnion, .n = count, .x = table});
  std::vector<uint32_t> jumps;
  for (uint32_t i = 0; i < count; ++i) {
    program_.tables()[table + i] = program_.join();
    compile_branch(i);
    if (i + 1 < count) jumps.push_back(emit({.code = OpCode::kJump}));
  }
  program_.flush_text();
  for (const uint32_t jump : jumps) program_.op(jump).x = program_.join();
}

// ---- records

bool ProgramCompiler::may_inline(const void* record, size_t slots) const {
  return !open_records_.contains(record) && open_records_.size() < kMaxInlineDepth && program_.size() < kMaxInlineOps &&
         region_slots_ + slots < kMaxInlineSlots;
}

void ProgramCompiler::call(Routine routine, const void* record, uint32_t slot) {
  const auto [known, is_new] = routines_.try_emplace(record, std::move(routine));
  if (is_new) routines_to_do_.push_back(&known->second);
  const OpCode code = known->second.skipped != nullptr ? OpCode::kSkipCall : OpCode::kCall;
  known->second.calls.push_back(emit({.code = code, .at = slot}));
}

void ProgramCompiler::record(const Resolution& resolution, uint32_t slot) {
  const auto count = static_cast<uint32_t>(resolution.reader->fields.size());
  if (!may_inline(&resolution, count)) return call({.read = &resolution}, &resolution, slot);
  open_records_.insert(&resolution);
  const uint32_t first_slot = std::exchange(region_slots_, region_slots_ + count);
  if (!is_json()) emit({.code = OpCode::kRecord, .n = count, .x = first_slot, .at = slot});
  fields(resolution, first_slot);
  open_records_.erase(&resolution);
}

void ProgramCompiler::fields(const Resolution& resolution, uint32_t first_slot) {
  if (!is_json()) return fields_to_slots(resolution, first_slot);
  int last = -1;
  bool in_order = true;
  for (const FieldResolution& field : resolution.fields) {
    if (field.value == nullptr) continue;
    in_order = in_order && field.reader_index > last;
    last = field.reader_index;
  }
  if (in_order) {
    fields_in_order(resolution);
  } else {
    fields_reordered(resolution);
  }
}

void ProgramCompiler::field_value(const FieldResolution& field, std::string_view name, uint32_t slot) {
  const uint32_t outer = program_.place();
  program_.enter_field(name);
  if (field.value == nullptr) {
    skip(*field.writer->type);
  } else {
    value(*field.value, slot);
  }
  program_.set_place(outer);
}

void ProgramCompiler::fields_to_slots(const Resolution& resolution, uint32_t first_slot) {
  for (const FieldResolution& field : resolution.fields) {
    field_value(field, field.writer->name, first_slot + static_cast<uint32_t>(std::max(field.reader_index, 0)));
  }
  for (const size_t index : resolution.defaulted) {
    default_slots(resolution.reader->fields[index], first_slot + static_cast<uint32_t>(index));
  }
}

// The usual case: what is read comes in the reader's order, and its defaults are text between.
void ProgramCompiler::fields_in_order(const Resolution& resolution) {
  const std::vector<Field>& reader_fields = resolution.reader->fields;
  std::string_view separator = "{";
  const auto open_field = [&](const Field& field) {
    text(std::exchange(separator, ","));
    program_.text_name(field.name);
  };
  auto defaulted = resolution.defaulted.begin();
  const auto defaults_before = [&](size_t index) {
    for (; defaulted != resolution.defaulted.end() && *defaulted < index; ++defaulted) {
      open_field(reader_fields[*defaulted]);
      default_text(reader_fields[*defaulted]);
    }
  };
  for (const FieldResolution& field : resolution.fields) {
    if (field.value != nullptr) {
      const auto index = static_cast<size_t>(field.reader_index);
      defaults_before(index);
      open_field(reader_fields[index]);
    }
    field_value(field, field.writer->name, 0);
  }
  defaults_before(reader_fields.size());
  text(separator == "{" ? "{}" : "}");
}

// Fields arrive in another order than the reader's: each is marked where it starts, and the last op puts them right.
void ProgramCompiler::fields_reordered(const Resolution& resolution) {
  const std::vector<Field>& reader_fields = resolution.reader->fields;
  std::vector<uint32_t> order(reader_fields.size());
  uint32_t marked = 0;
  const auto open_field = [&](size_t index) {
    emit({.code = OpCode::kMark});
    text(",");
    program_.text_name(reader_fields[index].name);
    order[index] = marked++;
  };
  for (const FieldResolution& field : resolution.fields) {
    if (field.value != nullptr) open_field(static_cast<size_t>(field.reader_index));
    field_value(field, field.writer->name, 0);
  }
  for (const size_t index : resolution.defaulted) {
    open_field(index);
    default_text(reader_fields[index]);
  }
  const uint32_t table = program_.add_table({});
  program_.tables().insert(program_.tables().end(), order.begin(), order.end());
  emit({.code = OpCode::kReorder, .n = marked, .x = table});
  text("}");
}

// ---- defaults

std::string ProgramCompiler::default_bytes(const Field& field) {
  std::string bytes;
  if (auto appended = append_default(*field.type, *field.default_value, bytes); !appended && !error_) {
    error_ = std::move(appended.error()).within(fmt::format("field {}", field.name));
  }
  return bytes;
}

void ProgramCompiler::default_slots(const Field& field, uint32_t slot) {
  const Literal bytes = program_.intern(default_bytes(field));
  const auto same = default_resolvers_.emplace_back().resolve(*field.type, *field.type);
  if (error_ || !same) {
    if (!error_) error_ = same.error();
    return;
  }
  emit({.code = OpCode::kBeginDefault, .n = bytes.size, .x = bytes.offset});
  value(**same, slot);
  emit({.code = OpCode::kEndDefault});
}

void ProgramCompiler::default_text(const Field& field) {
  const std::string bytes = default_bytes(field);
  Resolver resolver;
  const auto same = resolver.resolve(*field.type, *field.type);
  if (error_ || !same) {
    if (!error_) error_ = same.error();
    return;
  }
  const Result<Program> program = compile_program(**same, target_);
  if (!program) {
    error_ = program.error();
    return;
  }
  std::string written;
  if (auto appended = append_json(*program, bytes, written); !appended) {
    error_ = std::move(appended.error()).within(fmt::format("the default of field {}", field.name));
    return;
  }
  text(written);
}

// ---- what nobody reads

void ProgramCompiler::skip(const Node& node) {
  switch (node.type) {
    case Type::kNull: return;
    case Type::kBoolean: emit({.code = OpCode::kSkipFixed, .n = 1}); return;
    case Type::kFloat: emit({.code = OpCode::kSkipFixed, .n = 4}); return;
    case Type::kDouble: emit({.code = OpCode::kSkipFixed, .n = 8}); return;
    case Type::kFixed: emit({.code = OpCode::kSkipFixed, .n = static_cast<uint32_t>(node.fixed_size)}); return;
    case Type::kInt:
    case Type::kLong:
    case Type::kEnum: emit({.code = OpCode::kSkipLong}); return;
    case Type::kBytes:
    case Type::kString: emit({.code = OpCode::kSkipBytes}); return;
    case Type::kRecord: return skip_record(node);
    case Type::kUnion: return branches(node, [&](size_t i) { skip(*node.branches[i]); });
    case Type::kArray:
    case Type::kMap: {
      const bool is_map = node.type == Type::kMap;
      const uint32_t loop = emit(
          {.code = is_map ? OpCode::kSkipMap : OpCode::kSkipArray, .n = fewest_bytes(*node.items) + (is_map ? 1 : 0)});
      const uint32_t outer_place = program_.place();
      program_.set_place(0);
      skip(*node.items);
      program_.end_items(loop);
      program_.set_place(outer_place);
      return;
    }
  }
}

void ProgramCompiler::skip_record(const Node& node) {
  if (!may_inline(&node, 0)) return call({.skipped = &node}, &node, 0);
  open_records_.insert(&node);
  for (const Field& field : node.fields) skip(*field.type);
  open_records_.erase(&node);
}

// The fewest bytes that a datum of this type can have, or less: types that contain themselves count as
// nothing, and so does what nests too deep.
uint32_t ProgramCompiler::fewest_bytes(const Node& node) {
  switch (node.type) {
    case Type::kNull: return 0;
    case Type::kFloat: return 4;
    case Type::kDouble: return 8;
    case Type::kFixed: return static_cast<uint32_t>(std::min<size_t>(node.fixed_size, kManyBytes));
    case Type::kRecord: {
      const auto [known, is_new] = fewest_bytes_.try_emplace(&node, 0);
      if (!is_new || fewest_bytes_depth_ > kMaxInlineDepth) return known->second;
      uint32_t sum = 0;
      ++fewest_bytes_depth_;
      for (const Field& field : node.fields) sum = std::min(sum + fewest_bytes(*field.type), kManyBytes);
      --fewest_bytes_depth_;
      return fewest_bytes_[&node] = sum;
    }
    case Type::kUnion: {
      uint32_t fewest = node.branches.empty() ? 0 : kManyBytes;
      for (const Node* branch : node.branches) fewest = std::min(fewest, fewest_bytes(*branch));
      return fewest + 1;
    }
    default: return 1;
  }
}

}  // namespace

Result<Program> compile_program(const Resolution& resolution, Target target) {
  return ProgramCompiler(target).compile(resolution);
}

}  // namespace omashu::avro

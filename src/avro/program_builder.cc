#include "avro/program_builder.h"

#include <limits>
#include <utility>

#include "base/json.h"

namespace omashu::avro {

namespace {

// Literals of one program: names, defaults, symbols.
constexpr size_t kMaxLiteralBytes = size_t{64} << 20;

bool has_runs(OpCode code) { return code >= OpCode::kBoolean && code <= OpCode::kString; }

// The op for an optional value of which `value` is the only op; kOptional where there is none.
OpCode optional_form(const Op& value) {
  if (has_runs(value.code) && value.n != 1) return OpCode::kOptional;
  switch (value.code) {
    case OpCode::kInt: return OpCode::kOptionalInt;
    case OpCode::kLong: return OpCode::kOptionalLong;
    case OpCode::kDouble: return OpCode::kOptionalDouble;
    case OpCode::kString: return OpCode::kOptionalString;
    case OpCode::kEnum: return OpCode::kOptionalEnum;
    default: return OpCode::kOptional;
  }
}

}  // namespace

ProgramBuilder::ProgramBuilder(Target target) : target_(target) { program_.places.emplace_back(); }

uint32_t ProgramBuilder::emit(Op op) {
  constexpr size_t kMaxText = std::numeric_limits<uint16_t>::max();
  while (pending_text_.size() > kMaxText) {
    const std::string rest = pending_text_.substr(kMaxText);
    pending_text_.resize(kMaxText);
    flush_text();
    pending_text_ = rest;
  }
  if (is_json() && !pending_text_.empty()) {
    op.size = static_cast<uint16_t>(pending_text_.size());
    op.at = intern(pending_text_).offset;
    pending_text_.clear();
  }
  if (!extend_run(op)) {
    program_.ops.push_back(op);
    program_.places_of_ops.push_back(place_);
  }
  return static_cast<uint32_t>(size() - 1);
}

bool ProgramBuilder::extend_run(const Op& op) {
  if (is_json() || !has_runs(op.code) || size() <= last_join_) return false;
  Op& last = program_.ops.back();
  if (last.code != op.code || last.at + last.n != op.at) return false;
  // One place after the other, so that an error in the middle can name its field.
  if (program_.places_of_ops.back() + last.n != place_) return false;
  ++last.n;
  return true;
}

uint32_t ProgramBuilder::join() {
  last_join_ = static_cast<uint32_t>(size());
  return last_join_;
}

void ProgramBuilder::remove_last_op() {
  program_.ops.pop_back();
  program_.places_of_ops.pop_back();
}

void ProgramBuilder::end_optional(uint32_t optional) {
  flush_text();
  const Op value = program_.ops.back();
  if (!is_json() && optional + 2 == size() && value.at == op(optional).at) {
    op(optional).code = optional_form(value);
    if (op(optional).code != OpCode::kOptional) {
      op(optional).n = value.n;
      op(optional).x = value.x;
      remove_last_op();
      join();
      return;
    }
  }
  op(optional).x = join();
}

void ProgramBuilder::end_items(uint32_t loop) {
  const Op& item = program_.ops.back();
  if (!is_json() && loop + 2 == size() && op(loop).code == OpCode::kArray && item.code == OpCode::kDouble) {
    remove_last_op();
    op(loop).code = OpCode::kDoubleArray;
  } else {
    emit({.code = OpCode::kItemEnd});
  }
  op(loop).x = join();
}

// ---- text and literals

void ProgramBuilder::text(std::string_view piece) {
  if (is_json()) pending_text_ += piece;
}

void ProgramBuilder::text_name(std::string_view name) {
  if (!is_json()) return;
  json::append_quoted(pending_text_, name);
  pending_text_ += ':';
}

void ProgramBuilder::flush_text() {
  if (!pending_text_.empty()) emit({.code = OpCode::kLiteral});
}

Literal ProgramBuilder::intern(std::string_view piece) {
  const auto [known, is_new] =
      interned_.try_emplace(std::string(piece), static_cast<uint32_t>(program_.literals.size()));
  if (is_new && program_.literals.size() <= kMaxLiteralBytes) program_.literals += piece;
  return {.offset = known->second, .size = static_cast<uint32_t>(piece.size())};
}

uint32_t ProgramBuilder::add_table(std::initializer_list<uint32_t> entries) {
  const auto table = static_cast<uint32_t>(program_.tables.size());
  program_.tables.insert(program_.tables.end(), entries);
  return table;
}

uint32_t ProgramBuilder::add_union(const Node& node) {
  program_.unions.push_back(&node);
  return static_cast<uint32_t>(program_.unions.size() - 1);
}

void ProgramBuilder::enter_field(std::string_view name) {
  program_.places.push_back({.parent = place_, .field = intern(name)});
  place_ = static_cast<uint32_t>(program_.places.size() - 1);
}

Result<Program> ProgramBuilder::finish(uint32_t root_slots) {
  if (program_.literals.size() > kMaxLiteralBytes) {
    return fail(ErrorCode::kInvalidArgument, "the schema's names and defaults are too large to compile");
  }
  program_.root_slots = root_slots;
  program_.literals.append(Program::kLiteralStep, '\0');
  return std::move(program_);
}

}  // namespace omashu::avro

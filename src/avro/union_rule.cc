#include "avro/union_rule.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "avro/latin1.h"
#include "avro/logical_text.h"
#include "avro/logical_value.h"
#include "avro/number_text.h"
#include "base/base64.h"

namespace omashu::avro {

using json::Token;

std::string_view branch_name(const Node& branch) {
  return branch.is_named() ? std::string_view(branch.full_name) : type_name(branch.type);
}

// ---- bytes

namespace {

// A text of printable ASCII is what a person wrote; the bytes of a decimal or a duration hardly ever are.
bool is_readable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7e; });
}

// From Avro's form: a character up to U+00FF for each byte.
Result<std::string> parse_code_points(const Node& type, std::string_view text) {
  std::string bytes;
  if (!append_latin1(bytes, text)) {
    return fail(ErrorCode::kInvalidArgument, "expected characters up to U+00FF, one for each byte");
  }
  if (type.type == Type::kFixed && bytes.size() != type.fixed_size) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("expected {} bytes, one character for each", type.fixed_size));
  }
  return bytes;
}

}  // namespace

Result<std::string> bytes_of_text(const Node& type, std::string_view text, JsonForm form) {
  if (type.logical_type == LogicalType::kNone || form == JsonForm::kAvro) return parse_code_points(type, text);
  auto bytes = parse_logical_bytes(type, text);
  const bool uuid_bytes = type.logical_type == LogicalType::kUuid && text.size() == type.fixed_size;
  if (bytes || (is_readable(text) && !uuid_bytes)) return bytes;
  return parse_code_points(type, text);
}

std::optional<std::string> bytes_of_base64(json::Reader at) {
  if (at.next() != Token::kName || at.text() != "base64" || at.next() != Token::kString) return std::nullopt;
  auto bytes = from_base64(at.text());
  if (at.next() != Token::kEndObject) return std::nullopt;
  return bytes;
}

// ---- how well a value suits a type

namespace {

enum class Fit : uint8_t { kNone, kConverted, kNatural };

bool is_whole(std::string_view number) { return number.find_first_of(".eE") == std::string_view::npos; }

bool is_decimal(const Node& type) {
  return type.logical_type == LogicalType::kDecimal || type.logical_type == LogicalType::kBigDecimal;
}

bool is_special_real(const Node& type, std::string_view text) {
  float real32 = 0;
  double real64 = 0;
  return type.type == Type::kFloat ? parse_special(text, real32) : parse_special(text, real64);
}

Fit natural_if(bool condition) { return condition ? Fit::kNatural : Fit::kNone; }

Fit fit_integer(const Node& type, const json::Reader& at) {
  if (at.token() == Token::kString) return natural_if(parse_logical_integer(type, at.text()).has_value());
  if (at.token() != Token::kNumber || !is_whole(at.text())) return Fit::kNone;
  int64_t value = 0;
  const auto error = std::from_chars(at.text().data(), at.text().data() + at.text().size(), value).ec;
  return natural_if(error == std::errc() && (type.type == Type::kLong || value == static_cast<int32_t>(value)));
}

Fit fit_real(const Node& type, const json::Reader& at) {
  if (at.token() == Token::kString) return is_special_real(type, at.text()) ? Fit::kConverted : Fit::kNone;
  if (at.token() != Token::kNumber) return Fit::kNone;
  return is_whole(at.text()) ? Fit::kConverted : Fit::kNatural;
}

Fit fit_bytes(const Node& type, const json::Reader& at, JsonForm form) {
  if (at.token() == Token::kNumber) return is_decimal(type) ? Fit::kConverted : Fit::kNone;
  if (at.token() == Token::kBeginObject) {
    const auto bytes = bytes_of_base64(at);
    const bool fits = bytes && (type.type == Type::kBytes || bytes->size() == type.fixed_size);
    return fits ? Fit::kConverted : Fit::kNone;
  }
  if (at.token() != Token::kString || !bytes_of_text(type, at.text(), form)) return Fit::kNone;
  return type.logical_type == LogicalType::kNone ? Fit::kConverted : Fit::kNatural;
}

// Of records, maps and arrays only that the value is an object or an array.
Fit fit(const Node& type, const json::Reader& at, JsonForm form) {
  const bool is_string = at.token() == Token::kString;
  switch (type.type) {
    case Type::kNull: return natural_if(at.token() == Token::kNull);
    case Type::kBoolean: return natural_if(at.token() == Token::kTrue || at.token() == Token::kFalse);
    case Type::kInt:
    case Type::kLong: return fit_integer(type, at);
    case Type::kFloat:
    case Type::kDouble: return fit_real(type, at);
    case Type::kString: {
      const bool is_uuid = type.logical_type == LogicalType::kUuid && form == JsonForm::kPlain;
      return natural_if(is_string && (!is_uuid || parse_uuid(at.text())));
    }
    case Type::kEnum: return natural_if(is_string && type.find_symbol(at.text()).has_value());
    case Type::kBytes:
    case Type::kFixed: return fit_bytes(type, at, form);
    case Type::kArray: return natural_if(at.token() == Token::kBeginArray);
    case Type::kMap:
    case Type::kRecord: return natural_if(at.token() == Token::kBeginObject);
    case Type::kUnion: {
      // A value in a union may also be an object that names its branch.
      if (at.token() == Token::kBeginObject) return Fit::kConverted;
      Fit best = Fit::kNone;
      for (const Node* branch : type.branches) best = std::max(best, fit(*branch, at, form));
      return best;
    }
  }
  return Fit::kNone;
}

// ---- objects

bool is_container(const Node& type) { return type.type == Type::kRecord || type.type == Type::kMap; }

// The branch of that name, but for null, which is never tagged.
std::optional<size_t> branch_of_tag(const Node& union_type, std::string_view name) {
  for (size_t i = 0; i < union_type.branches.size(); ++i) {
    const Node& branch = *union_type.branches[i];
    if (branch.type != Type::kNull && branch_name(branch) == name) return i;
  }
  return std::nullopt;
}

// Nothing where there are none, or several.
std::optional<size_t> only_container(const Node& union_type) {
  std::optional<size_t> only;
  for (size_t i = 0; i < union_type.branches.size(); ++i) {
    if (!is_container(*union_type.branches[i])) continue;
    if (only) return std::nullopt;
    only = i;
  }
  return only;
}

// `at` has read the name of the object's first member.
bool is_tagged(const Node& branch, json::Reader at, JsonForm form) {
  at.next();
  if (fit(branch, at, form) == Fit::kNone) return false;
  at.skip_value();
  return at.next() == Token::kEndObject;
}

bool may_be_missing(const Field& field) {
  if (field.default_value) return true;
  return field.type->type == Type::kUnion &&
         std::ranges::any_of(field.type->branches, [](const Node* branch) { return branch->type == Type::kNull; });
}

// Whether an object can be that record or map; `at` has read its first name, or its end.
bool members_fit(const Node& type, json::Reader at, JsonForm form) {
  std::vector<bool> given(type.fields.size());
  for (; at.token() == Token::kName; at.next()) {
    const Node* part = type.items;
    if (type.type == Type::kRecord) {
      const Field* field = type.find_field(at.text());
      if (field == nullptr) return false;
      part = field->type;
      given[static_cast<size_t>(field - type.fields.data())] = true;
    }
    at.next();
    if (fit(*part, at, form) == Fit::kNone) return false;
    at.skip_value();
  }
  for (size_t i = 0; i < given.size(); ++i) {
    if (!given[i] && !may_be_missing(type.fields[i])) return false;
  }
  return true;
}

std::optional<BranchChoice> choose_for_object(const Node& union_type, const json::Reader& at_object, JsonForm form) {
  json::Reader at = at_object;
  at.next();
  const auto tag = at.token() == Token::kName ? branch_of_tag(union_type, at.text()) : std::nullopt;
  if (tag && is_tagged(*union_type.branches[*tag], at, form)) return BranchChoice{*tag, true};
  const auto only = only_container(union_type);
  if (only && !tag) return BranchChoice{*only, false};
  const auto& branches = union_type.branches;
  for (size_t i = 0; i < branches.size(); ++i) {
    if (is_container(*branches[i]) && members_fit(*branches[i], at, form)) return BranchChoice{i, false};
  }
  for (size_t i = 0; i < branches.size(); ++i) {
    if (!is_container(*branches[i]) && fit(*branches[i], at_object, form) != Fit::kNone) return BranchChoice{i, false};
  }
  if (tag) return BranchChoice{*tag, true};
  return std::nullopt;
}

}  // namespace

std::optional<BranchChoice> choose_branch(const Node& union_type, const json::Reader& at, JsonForm form) {
  if (at.token() == Token::kBeginObject) return choose_for_object(union_type, at, form);
  Fit best = Fit::kNone;
  size_t choice = 0;
  for (size_t i = 0; i < union_type.branches.size() && best != Fit::kNatural; ++i) {
    const Fit fits = fit(*union_type.branches[i], at, form);
    if (fits <= best) continue;
    best = fits;
    choice = i;
  }
  if (best == Fit::kNone) return std::nullopt;
  return BranchChoice{choice, false};
}

// In plain JSON most maps and records begin with a name that is no tag, and then the only one there is takes them.
std::optional<BranchChoice> choose_by_first_name(const Node& union_type, std::string_view text, JsonForm form) {
  size_t quote = 1;
  while (quote < text.size() && (text[quote] == ' ' || text[quote] == '\n')) ++quote;
  if (quote >= text.size() || text[quote] != '"') return std::nullopt;
  const size_t end = text.find_first_of("\"\\", quote + 1);
  if (end == std::string_view::npos || text[end] == '\\') return std::nullopt;
  const auto tag = branch_of_tag(union_type, text.substr(quote + 1, end - quote - 1));
  if (form == JsonForm::kAvro) return tag ? std::optional(BranchChoice{*tag, true}) : std::nullopt;
  const auto only = tag ? std::nullopt : only_container(union_type);
  return only ? std::optional(BranchChoice{*only, false}) : std::nullopt;
}

// ---- what plain JSON must tag

namespace {

// Kinds of JSON values, as a set.
enum Kinds : uint8_t {
  kNoKind = 0,
  kNullKind = 1,
  kBooleanKind = 2,
  kWholeKind = 4,
  kRealKind = 8,
  kStringKind = 16,
  kArrayKind = 32,
  kObjectKind = 64,
};

// What a value of the type can be in plain JSON: as it is written where `is_written`, else as it may be read.
uint8_t kinds_of(const Node& type, bool is_written) {
  const bool is_logical = type.logical_type != LogicalType::kNone;
  switch (type.type) {
    case Type::kNull: return kNullKind;
    case Type::kBoolean: return kBooleanKind;
    case Type::kInt:
    case Type::kLong: return kWholeKind | (is_logical ? kStringKind : kNoKind);
    case Type::kFloat:
    case Type::kDouble: return kRealKind | kStringKind | (is_written ? kNoKind : kWholeKind);
    case Type::kString:
    case Type::kEnum: return kStringKind;
    case Type::kBytes:
    case Type::kFixed:
      if (is_written) return kStringKind | (is_decimal(type) ? kObjectKind : kNoKind);
      return kStringKind | kObjectKind | (is_decimal(type) ? kWholeKind | kRealKind : kNoKind);
    case Type::kArray: return kArrayKind;
    case Type::kMap:
    case Type::kRecord: return kObjectKind;
    case Type::kUnion: {
      uint8_t kinds = kNoKind;
      for (size_t i = 0; i < type.branches.size(); ++i) {
        kinds |= kinds_of(*type.branches[i], is_written);
        if (!is_written || may_be_misread(type, i)) kinds |= kObjectKind;
      }
      return kinds;
    }
  }
  return kNoKind;
}

// Whether an object that is a bare value of that type may look like a tag of the union.
bool may_look_tagged(const Node& union_type, const Node& type) {
  const auto is_tag = [&](std::string_view name) { return branch_of_tag(union_type, name).has_value(); };
  if (type.type == Type::kRecord) return type.fields.size() == 1 && is_tag(type.fields.front().name);
  if (type.type != Type::kMap) return is_tag("base64");
  const uint8_t values = kinds_of(*type.items, true);
  return std::ranges::any_of(union_type.branches, [&](const Node* branch) {
    return branch->type != Type::kNull && (values & kinds_of(*branch, false)) != 0;
  });
}

}  // namespace

bool may_be_misread(const Node& union_type, size_t branch) {
  const Node& type = *union_type.branches[branch];
  if (type.type == Type::kNull) return false;
  const uint8_t written = kinds_of(type, true);
  if ((written & kObjectKind) != 0 && may_look_tagged(union_type, type)) return true;
  // An integer is an integer before it is anything else, and an object a record or map before it is bytes.
  const bool is_integer = written == kWholeKind;
  for (size_t i = 0; i < union_type.branches.size(); ++i) {
    const Node& other = *union_type.branches[i];
    if (i == branch || (written & kinds_of(other, false)) == 0) continue;
    if (is_integer && other.type != Type::kInt && other.type != Type::kLong) continue;
    if (is_container(type) && !is_container(other)) continue;
    return true;
  }
  return false;
}

bool is_read_as(const Node& union_type, size_t branch, std::string_view text) {
  std::optional<BranchChoice> choice;
  if (text.starts_with('{')) choice = choose_by_first_name(union_type, text, JsonForm::kPlain);
  if (!choice) {
    json::Reader at(text);
    at.next();
    choice = choose_branch(union_type, at, JsonForm::kPlain);
  }
  return choice && choice->branch == branch && !choice->is_tagged;
}

}  // namespace omashu::avro

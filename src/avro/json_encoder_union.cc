// Which branch of a union a JSON value is meant for.

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "avro/json_encoder.h"
#include "avro/logical_value.h"
#include "avro/number_text.h"
#include "avro/varint.h"

namespace omashu::avro {

using json::Token;

namespace {

std::string_view branch_name(const Node& node) { return node.is_named() ? node.full_name : type_name(node.type); }

int branch_of_tag(const EncodeNode& node, std::string_view name) {
  const std::vector<const Node*>& branches = node.schema->branches;
  const auto found =
      std::find_if(branches.begin(), branches.end(), [&](const Node* branch) { return branch_name(*branch) == name; });
  return found == branches.end() || (*found)->type == Type::kNull ? -1 : static_cast<int>(found - branches.begin());
}

bool is_whole(std::string_view number) { return number.find_first_of(".eE") == std::string_view::npos; }

}  // namespace

// How well the token suits a type; of objects and arrays only that they are such.
JsonEncoder::Fit JsonEncoder::fit(const Node& type, const json::Reader& at) const {
  const auto natural_if = [](bool condition) { return condition ? Fit::kNatural : Fit::kNone; };
  const bool is_string = at.token() == Token::kString;
  const bool is_number = at.token() == Token::kNumber;
  switch (type.type) {
    case Type::kNull: return natural_if(at.token() == Token::kNull);
    case Type::kBoolean: return natural_if(at.token() == Token::kTrue || at.token() == Token::kFalse);
    case Type::kInt:
    case Type::kLong: {
      int64_t value = 0;
      if (is_string) return natural_if(parse_logical_integer(type, at.text()).has_value());
      if (!is_number || !is_whole(at.text())) return Fit::kNone;
      const auto error = std::from_chars(at.text().data(), at.text().data() + at.text().size(), value).ec;
      return natural_if(error == std::errc() && (type.type == Type::kLong || value == static_cast<int32_t>(value)));
    }
    case Type::kFloat:
    case Type::kDouble: {
      double special = 0;
      if (is_string) return parse_special_double(at.text(), special) ? Fit::kConverted : Fit::kNone;
      if (!is_number) return Fit::kNone;
      return is_whole(at.text()) ? Fit::kConverted : Fit::kNatural;
    }
    case Type::kString: return natural_if(is_string);
    case Type::kEnum: return natural_if(is_string && type.find_symbol(at.text()).has_value());
    case Type::kBytes:
    case Type::kFixed: {
      const bool is_decimal =
          type.logical_type == LogicalType::kDecimal || type.logical_type == LogicalType::kBigDecimal;
      if (is_number) return is_decimal ? Fit::kConverted : Fit::kNone;
      if (!is_string || !bytes_of_text(type, at.text())) return Fit::kNone;
      return type.logical_type == LogicalType::kNone ? Fit::kConverted : Fit::kNatural;
    }
    case Type::kArray: return natural_if(at.token() == Token::kBeginArray);
    case Type::kMap:
    case Type::kRecord: return natural_if(at.token() == Token::kBeginObject);
    case Type::kUnion: {
      // A value in a union may also be an object that names its branch.
      if (at.token() == Token::kBeginObject) return Fit::kConverted;
      Fit best = Fit::kNone;
      for (const Node* branch : type.branches) best = std::max(best, fit(*branch, at));
      return best;
    }
  }
  return Fit::kNone;
}

bool JsonEncoder::union_value(const EncodeNode& node) {
  if (reader_.token() == Token::kBeginObject) return object_in_union(node);
  Fit best = Fit::kNone;
  size_t branch = 0;
  for (size_t i = 0; i < node.parts.size() && best != Fit::kNatural; ++i) {
    const Fit fits = fit(*node.schema->branches[i], reader_);
    if (fits <= best) continue;
    best = fits;
    branch = i;
  }
  if (best == Fit::kNone) return no_branch(node);
  append_long(out_, static_cast<int64_t>(branch));
  return value(node.parts[branch]);
}

// With one more type beside null the error can be that type's own.
bool JsonEncoder::no_branch(const EncodeNode& node) {
  const std::vector<const Node*>& branches = node.schema->branches;
  if (branches.size() == 2 && node.null_branch >= 0 && reader_.token() != Token::kBeginObject) {
    return value(node.parts[static_cast<size_t>(1 - node.null_branch)]);
  }
  std::string names;
  for (size_t i = 0; i < branches.size(); ++i) {
    names += i == 0 ? "" : i + 1 < branches.size() ? ", " : " or ";
    names += branch_name(*branches[i]);
  }
  return expected(names.empty() ? "nothing: this union has no branch" : names);
}

// An object is a bare record or map, or it has one member whose name is the branch and whose value is the branch's.
bool JsonEncoder::object_in_union(const EncodeNode& node) {
  const json::Reader at_object = reader_;
  reader_.next();
  const int tag = reader_.token() == Token::kName ? branch_of_tag(node, reader_.text()) : -1;
  const bool may_be_tagged = tag >= 0 && is_tagged(node, tag, reader_);
  const auto bare = [&](int branch) {
    append_long(out_, branch);
    const EncodeNode& part = plan_.nodes[node.parts[static_cast<size_t>(branch)]];
    return bounded([&] { return part.schema->type == Type::kRecord ? record_members(part) : map_entries(part); });
  };
  if (may_be_tagged && (form_ == JsonForm::kAvro || node.containers.empty())) return tagged(node, tag);
  if (node.containers.size() == 1 && tag < 0) return bare(static_cast<int>(node.containers[0]));
  if (const int branch = container_for(node); branch >= 0) return bare(branch);
  if (tag >= 0) return tagged(node, tag);
  reader_ = at_object;
  return no_branch(node);
}

// From the name of the one member on.
bool JsonEncoder::tagged(const EncodeNode& node, int branch) {
  append_long(out_, branch);
  reader_.next();
  if (!value(node.parts[static_cast<size_t>(branch)])) return false;
  return reader_.next() == Token::kEndObject || fail("an object that names a union's branch has no other member");
}

// Whether the object, seen from its first name, has that one member only, with a value that the branch may take.
bool JsonEncoder::is_tagged(const EncodeNode& node, int branch, json::Reader at) const {
  at.next();
  if (fit(*node.schema->branches[static_cast<size_t>(branch)], at) == Fit::kNone) return false;
  at.skip_value();
  return at.next() == Token::kEndObject;
}

// The first record or map that the object, seen from its first name or its end, can be; -1 where there is none.
int JsonEncoder::container_for(const EncodeNode& node) const {
  for (const uint32_t branch : node.containers) {
    if (object_fits(plan_.nodes[node.parts[branch]], reader_)) return static_cast<int>(branch);
  }
  return -1;
}

bool JsonEncoder::object_fits(const EncodeNode& node, json::Reader at) const {
  const Node& type = *node.schema;
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
    if (fit(*part, at) == Fit::kNone) return false;
    at.skip_value();
  }
  for (size_t i = 0; i < given.size(); ++i) {
    if (!given[i] && !node.has_default[i]) return false;
  }
  return true;
}

}  // namespace omashu::avro

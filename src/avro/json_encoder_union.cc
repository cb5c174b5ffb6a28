// Values of unions: which branch one is meant for says union_rule.h.

#include "avro/json_encoder.h"
#include "avro/union_rule.h"
#include "avro/varint.h"

namespace omashu::avro {

using json::Token;

namespace {

// {"null":null}, which Java's JsonDecoder takes for a bare null. `at` has read the object's beginning.
bool is_tagged_null(json::Reader at) {
  return at.next() == Token::kName && at.text() == "null" && at.next() == Token::kNull &&
         at.next() == Token::kEndObject;
}

}  // namespace

bool JsonEncoder::union_value(const EncodeNode& node) {
  if (reader_.token() == Token::kError) return false;
  // The usual union needs no choice, but for an object, which may name its branch.
  if (node.parts.size() == 2 && node.null_branch >= 0 && reader_.token() != Token::kBeginObject) {
    const bool is_null = reader_.token() == Token::kNull;
    return branch_value(node, static_cast<size_t>(is_null ? node.null_branch : 1 - node.null_branch));
  }
  std::optional<BranchChoice> choice;
  if (reader_.token() == Token::kBeginObject) {
    choice = choose_by_first_name(*node.schema, json_.substr(reader_.offset()), form_);
    const bool may_be_null = form_ == JsonForm::kAvro && node.null_branch >= 0 && !choice;
    if (may_be_null && is_tagged_null(reader_)) return tagged(node, static_cast<size_t>(node.null_branch));
  }
  if (!choice) choice = choose_branch(*node.schema, reader_, form_);
  if (!choice) return no_branch(node);
  return choice->is_tagged ? tagged(node, choice->branch) : branch_value(node, choice->branch);
}

bool JsonEncoder::branch_value(const EncodeNode& node, size_t branch) {
  append_long(out_, static_cast<int64_t>(branch));
  return value(node.parts[branch]);
}

bool JsonEncoder::no_branch(const EncodeNode& node) {
  const std::vector<const Node*>& branches = node.schema->branches;
  std::string names;
  for (size_t i = 0; i < branches.size(); ++i) {
    names += i == 0 ? "" : i + 1 < branches.size() ? ", " : " or ";
    names += branch_name(*branches[i]);
  }
  return expected(names.empty() ? "nothing: this union has no branch" : names);
}

// From the beginning of the object on.
bool JsonEncoder::tagged(const EncodeNode& node, size_t branch) {
  reader_.next();
  reader_.next();
  if (!branch_value(node, branch)) return false;
  return reader_.next() == Token::kEndObject || fail("an object that names a union's branch has no other member");
}

}  // namespace omashu::avro

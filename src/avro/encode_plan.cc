#include "avro/encode_plan.h"

#include <fmt/core.h>

#include <unordered_map>

#include "avro/default_datum.h"
#include "avro/union_rule.h"
#include "avro/varint.h"
#include "base/json.h"

namespace omashu::avro {

namespace {

// All defaults of one schema together, bytes.
constexpr size_t kMaxDefaultBytes = size_t{64} << 20;

std::string member_text(std::string_view name) {
  std::string text;
  json::append_quoted(text, name);
  return text + ':';
}

// What a value of the type can be in a text, as far as the choice of a union's branch goes.
bool may_be_string(const Node& type) {
  switch (type.type) {
    case Type::kInt:
    case Type::kLong: return type.logical_type != LogicalType::kNone;
    case Type::kFloat:
    case Type::kDouble:
    case Type::kString:
    case Type::kBytes:
    case Type::kEnum:
    case Type::kFixed: return true;
    default: return false;
  }
}

bool may_be_number(const Node& type) {
  const bool is_decimal = type.logical_type == LogicalType::kDecimal || type.logical_type == LogicalType::kBigDecimal;
  return is_decimal || (type.type >= Type::kInt && type.type <= Type::kDouble);
}

// The only branch for which `may_be` holds, where `suits` does too; -1 where there is none.
int only_branch(const Node& type, auto may_be, auto suits) {
  int only = -1;
  for (size_t i = 0; i < type.branches.size(); ++i) {
    if (!may_be(*type.branches[i])) continue;
    if (only >= 0) return -1;
    only = static_cast<int>(i);
  }
  return only >= 0 && suits(*type.branches[static_cast<size_t>(only)]) ? only : -1;
}

class PlanBuilder {
 public:
  explicit PlanBuilder(EncodePlan& plan) : plan_(plan) {}

  Result<void> build() {
    index_of(plan_.schema.root());
    // index_of appends to what is still to do: the nodes come breadth first, and recursion needs no stack.
    for (size_t i = 0; i < plan_.nodes.size(); ++i) {
      const Node& type = *plan_.nodes[i].schema;
      if (type.items != nullptr) plan_.nodes[i].items = index_of(*type.items);
      if (type.type == Type::kUnion) add_branches(i, type);
      add_names(plan_.nodes[i]);
      for (const Field& field : type.fields) {
        if (auto added = add_field(i, field); !added) {
          return fail(std::move(added.error()).within(fmt::format("field {} of {}", field.name, type.full_name)));
        }
      }
    }
    return {};
  }

 private:
  uint32_t index_of(const Node& type) {
    const auto [known, is_new] = indexes_.try_emplace(&type, static_cast<uint32_t>(plan_.nodes.size()));
    if (is_new) plan_.nodes.emplace_back().schema = &type;
    return known->second;
  }

  void add_branches(size_t index, const Node& type) {
    for (size_t i = 0; i < type.branches.size(); ++i) {
      const Node& branch = *type.branches[i];
      const uint32_t part = index_of(branch);
      EncodeNode& node = plan_.nodes[index];
      node.parts.push_back(part);
      node.member_texts.push_back(member_text(branch_name(branch)));
      if (branch.type == Type::kNull) node.null_branch = static_cast<int>(i);
    }
    EncodeNode& node = plan_.nodes[index];
    node.string_branch = only_branch(type, may_be_string, [](const Node& branch) {
      return branch.type == Type::kString || branch.type == Type::kEnum;
    });
    node.number_branch = only_branch(type, may_be_number, [](const Node& branch) {
      return branch.type >= Type::kInt && branch.type <= Type::kDouble;
    });
  }

  // The names are the schema's own, which the plan holds.
  void add_names(EncodeNode& node) {
    std::vector<std::string_view> names(node.schema->symbols.begin(), node.schema->symbols.end());
    for (const Field& field : node.schema->fields) {
      names.push_back(field.name);
      node.member_texts.push_back(member_text(field.name));
    }
    if (!names.empty()) node.names = NameTable(std::move(names));
  }

  Result<void> add_field(size_t index, const Field& field) {
    const uint32_t part = index_of(*field.type);
    EncodeNode& node = plan_.nodes[index];
    node.parts.push_back(part);
    std::string& datum = node.defaults.emplace_back();
    node.has_default.push_back(field.default_value.has_value());
    if (field.default_value) {
      if (auto done = append_default(*field.type, *field.default_value, datum); !done) return done;
    } else if (field.type->type == Type::kUnion) {
      // A missing value of an optional type is its null, also where the schema does not say so.
      for (size_t i = 0; i < field.type->branches.size(); ++i) {
        if (field.type->branches[i]->type != Type::kNull) continue;
        append_long(datum, static_cast<int64_t>(i));
        node.has_default.back() = true;
      }
    }
    default_bytes_ += datum.size();
    if (default_bytes_ > kMaxDefaultBytes)
      return fail(ErrorCode::kInvalidArgument, "the schema's defaults are too large");
    return {};
  }

  EncodePlan& plan_;
  std::unordered_map<const Node*, uint32_t> indexes_;
  size_t default_bytes_ = 0;
};

}  // namespace

Result<EncodePlan> compile_encode_plan(const Schema& schema) {
  EncodePlan plan{.schema = schema, .nodes = {}};
  if (auto built = PlanBuilder(plan).build(); !built) return fail(std::move(built.error()));
  return plan;
}

}  // namespace omashu::avro

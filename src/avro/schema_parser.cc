#include "avro/schema_parser.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include "avro/default_value.h"
#include "avro/logical_type.h"
#include "avro/name.h"
#include "avro/schema_properties.h"

namespace omashu::avro {

namespace {

// What Avro Java can hold in one array.
constexpr int64_t kMaxFixedSize = std::numeric_limits<int32_t>::max() - 8;

std::string_view describe(const json::Value& value) {
  switch (value.kind()) {
    case json::Value::Kind::kNull: return "null";
    case json::Value::Kind::kBoolean: return "a boolean";
    case json::Value::Kind::kNumber: return "a number";
    case json::Value::Kind::kString: return "a string";
    case json::Value::Kind::kArray: return "an array";
    case json::Value::Kind::kObject: return "an object";
  }
  return "a value";
}

// What a union may hold only once: a named type by its name, any other by its kind.
std::string_view branch_key(const Node& node) {
  return node.is_named() ? std::string_view(node.full_name) : type_name(node.type);
}

// Sorts the indexes of named things for look-ups; the index of one whose name stands before it too, if there is one.
template <class Items, class NameOf>
std::optional<size_t> index_by_name(const Items& items, NameOf name_of, std::vector<uint32_t>& by_name) {
  by_name.resize(items.size());
  for (size_t i = 0; i < items.size(); ++i) by_name[i] = static_cast<uint32_t>(i);
  std::ranges::sort(by_name, {}, [&](uint32_t i) { return std::pair(std::string_view(name_of(items[i])), i); });
  const auto twin = std::ranges::adjacent_find(
      by_name, [&](uint32_t a, uint32_t b) { return name_of(items[a]) == name_of(items[b]); });
  if (twin == by_name.end()) return std::nullopt;
  return *(twin + 1);
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

SchemaParser::SchemaParser(std::string_view text, const ParseOptions& options)
    : text_(without_byte_order_mark(text)), options_(options), graph_(std::make_shared<Schema::Graph>()) {}

Result<Schema> SchemaParser::parse() {
  if (run()) {
    if (!unresolved_.empty()) {
      report_unresolved(unresolved_.front());
    } else if (options_.check_defaults) {
      report_wrong_defaults();
    }
  }
  if (!mistakes_.empty()) return fail(std::move(take_mistakes().front()));
  return Schema(std::move(graph_), root_);
}

bool SchemaParser::run() {
  if (!check_size() || !add_references()) return false;
  if (const std::optional<Type> type = primitive_type(trim(text_))) {
    root_ = plain_primitive(*type);
    return true;
  }
  const Result<json::Value> tree = json::parse(text_);
  if (!tree) {
    mistakes_.push_back({0, tree.error()});
    return false;
  }
  root_ = parse_schema(*tree, "");
  return mistakes_.empty();
}

bool SchemaParser::check_size() {
  if (text_.size() > kMaxSchemaBytes) {
    fail_at(0, fmt::format("the schema has {} bytes: at most {} are read", text_.size(), kMaxSchemaBytes));
    return false;
  }
  // Every value but the first follows one of these, and so does every member.
  const auto elements = std::ranges::count_if(text_, [](char c) { return c == ',' || c == '[' || c == '{'; });
  if (static_cast<size_t>(elements) <= kMaxSchemaElements) return true;
  fail_at(0, fmt::format("the schema has {} elements: at most {} are read", elements, kMaxSchemaElements));
  return false;
}

// ---- Schemas

const Node* SchemaParser::parse_schema(const json::Value& value, std::string_view name_space) {
  if (is_full()) return nullptr;
  switch (value.kind()) {
    case json::Value::Kind::kString: return resolve_name(value, value.text(), name_space);
    case json::Value::Kind::kArray: return parse_union(value, name_space);
    case json::Value::Kind::kObject: return parse_object(value, name_space);
    default:
      return fail_at(value,
                     fmt::format("expected a schema (the name of a type, an object with \"type\", or an array of "
                                 "union branches), found {}",
                                 describe(value)));
  }
}

const Node* SchemaParser::parse_part(const json::Value& value, std::string_view name_space) {
  if (const Node* node = parse_schema(value, name_space)) return node;
  const Node& unknown = new_node(Type::kNull);
  unknown_types_.insert(&unknown);
  return &unknown;
}

const Node* SchemaParser::parse_object(const json::Value& value, std::string_view name_space) {
  const json::Value* type = value.find("type");
  if (type == nullptr) return fail_without(value, "type", "a schema object needs the attribute \"type\"");
  if (!type->is_string()) {
    return fail_at(*type,
                   fmt::format("the \"type\" of a schema object must be a string, found {}: a schema inside needs "
                               "no object around it",
                               describe(*type)));
  }
  const std::string& name = type->text();
  if (const std::optional<Type> primitive = primitive_type(name)) return parse_primitive(value, *primitive);
  if (name == "record") return parse_record(value, name_space, false);
  if (name == "error") return parse_record(value, name_space, true);
  if (name == "enum") return parse_enum(value, name_space);
  if (name == "fixed") return parse_fixed(value, name_space);
  if (name == "array") return parse_container(value, name_space, Type::kArray);
  if (name == "map") return parse_container(value, name_space, Type::kMap);
  const bool is_known = find_type(qualify(name, name_space)) != nullptr || find_type(name) != nullptr;
  if (const Node* node = is_known ? nullptr : parse_misspelt(value, name_space)) return node;
  return resolve_name(*type, name, name_space);
}

const Node* SchemaParser::plain_primitive(Type type) {
  static const auto kNodes = [] {
    std::array<Node, static_cast<size_t>(Type::kString) + 1> nodes;
    for (size_t i = 0; i < nodes.size(); ++i) nodes[i].type = static_cast<Type>(i);
    return nodes;
  }();
  return &kNodes[static_cast<size_t>(type)];
}

const Node* SchemaParser::parse_primitive(const json::Value& value, Type type) {
  std::vector<json::Member> properties = schema_properties(value);
  if (properties.empty()) return plain_primitive(type);
  Node& node = new_node(type);
  node.properties = std::move(properties);
  set_logical_type(node);
  return &node;
}

const Node* SchemaParser::parse_container(const json::Value& value, std::string_view name_space, Type type) {
  const std::string_view attribute = type == Type::kArray ? "items" : "values";
  const json::Value* items = value.find(attribute);
  if (items == nullptr) {
    return fail_without(value, attribute, fmt::format("the {} needs the attribute \"{}\"", type_name(type), attribute));
  }
  Node& node = new_node(type);
  node.items = parse_part(*items, name_space);
  node.properties = schema_properties(value);
  return &node;
}

const Node* SchemaParser::parse_union(const json::Value& value, std::string_view name_space) {
  Node& node = new_node(Type::kUnion);
  std::unordered_set<std::string_view> seen;
  bool is_known = true;
  for (const json::Value& item : value.items()) {
    const Node* branch = parse_schema(item, name_space);
    if (branch == nullptr) {
      is_known = false;
    } else if (branch->type == Type::kUnion) {
      fail_at(item, "a union may not hold a union: put the branches side by side");
    } else if (!seen.insert(branch_key(*branch)).second) {
      fail_at(item,
              fmt::format("the union holds {} twice: types without a name may stand in it once, named types once for "
                          "each name",
                          branch_key(*branch)));
    } else {
      is_known = is_known && !unknown_types_.contains(branch);
      node.branches.push_back(branch);
    }
  }
  if (!is_known) unknown_types_.insert(&node);
  return &node;
}

const Node* SchemaParser::parse_record(const json::Value& value, std::string_view name_space, bool is_error) {
  Node* node = define(value, Type::kRecord, name_space);
  if (node == nullptr) {
    Node& nameless = new_node(Type::kRecord);
    nameless.full_name = qualify("_", name_space);
    parse_fields(value, nameless);
    return nullptr;
  }
  node->is_error = is_error;
  if (!parse_fields(value, *node)) unknown_types_.insert(node);
  records_.push_back(node);
  return node;
}

const Node* SchemaParser::parse_enum(const json::Value& value, std::string_view name_space) {
  Node* node = define(value, Type::kEnum, name_space);
  if (node == nullptr) return nullptr;
  if (!parse_symbols(value, *node)) {
    unknown_types_.insert(node);
    return node;
  }
  const json::Value* preset = value.find("default");
  if (preset == nullptr || preset->is_null()) return node;
  if (!preset->is_string() || !node->find_symbol(preset->text())) {
    fail_at(*preset, fmt::format("the default of enum {} must be one of its symbols", node->full_name));
    return node;
  }
  node->enum_default = preset->text();
  return node;
}

const Node* SchemaParser::parse_fixed(const json::Value& value, std::string_view name_space) {
  Node* node = define(value, Type::kFixed, name_space);
  if (node == nullptr) return nullptr;
  if (!parse_size(value, *node)) {
    unknown_types_.insert(node);
    return node;
  }
  set_logical_type(*node);
  return node;
}

bool SchemaParser::parse_size(const json::Value& value, Node& node) {
  const json::Value* size = value.find("size");
  if (size == nullptr) {
    fail_without(value, "size", fmt::format("fixed {} needs the attribute \"size\"", node.full_name));
    return false;
  }
  const std::optional<int64_t> bytes = size->as_int64();
  if (!bytes || *bytes < 0 || *bytes > kMaxFixedSize) {
    fail_at(*size, fmt::format("the size of fixed {} must be a whole number of bytes from 0 to {}", node.full_name,
                               kMaxFixedSize));
    return false;
  }
  node.fixed_size = static_cast<size_t>(*bytes);
  return true;
}

bool SchemaParser::parse_symbols(const json::Value& value, Node& node) {
  const json::Value* symbols = value.find("symbols");
  if (symbols == nullptr || !symbols->is_array()) {
    std::string message = fmt::format("enum {} needs the attribute \"symbols\", an array of strings", node.full_name);
    if (symbols == nullptr) {
      fail_without(value, "symbols", std::move(message));
    } else {
      fail_at(*symbols, std::move(message));
    }
    return false;
  }
  bool is_right = true;
  for (const json::Value& symbol : symbols->items()) {
    if (symbol.is_string() && is_name(symbol.text())) {
      node.symbols.push_back(symbol.text());
      continue;
    }
    fail_at(symbol, fmt::format("a symbol of enum {} must be a string of letters, digits and '_' that starts with no "
                                "digit",
                                node.full_name));
    is_right = false;
  }
  if (!is_right) return false;
  const auto twice =
      index_by_name(node.symbols, [](const std::string& s) { return std::string_view(s); }, node.by_name);
  if (!twice) return true;
  fail_at(symbols->items()[*twice],
          fmt::format("enum {} has the symbol {} twice", node.full_name, node.symbols[*twice]));
  return false;
}

// ---- Fields

bool SchemaParser::parse_fields(const json::Value& value, Node& record) {
  const json::Value* fields = value.find("fields");
  if (fields == nullptr || !fields->is_array()) {
    std::string message =
        fmt::format("record {} needs the attribute \"fields\", an array of objects", record.full_name);
    if (fields == nullptr) {
      fail_without(value, "fields", std::move(message));
    } else {
      fail_at(*fields, std::move(message));
    }
    return false;
  }
  // Built aside: while they are incomplete, the record that refers to itself has none.
  std::vector<Field> parsed(fields->items().size());
  bool is_right = true;
  for (size_t i = 0; i < parsed.size(); ++i) {
    is_right &= parse_field(fields->items()[i], parsed[i], record.name_space());
  }
  record.fields = std::move(parsed);
  const auto twice =
      index_by_name(record.fields, [](const Field& f) { return std::string_view(f.name); }, record.by_name);
  // A field whose name is no name has been told of, and two of them are not the same.
  if (!twice || record.fields[*twice].name.empty()) return is_right;
  fail_at(fields->items()[*twice],
          fmt::format("record {} has the field {} twice", record.full_name, record.fields[*twice].name));
  return false;
}

bool SchemaParser::parse_field(const json::Value& value, Field& field, std::string_view name_space) {
  const size_t before = mistakes_.size();
  const json::Value* name = value.find("name");
  if (name == nullptr) {
    fail_without(value, "name", "a field must be an object with \"name\" and \"type\"");
  } else if (!name->is_string() || !is_name(name->text())) {
    fail_at(*name, "the name of a field must be a string of letters, digits and '_' that starts with no digit");
  } else {
    field.name = name->text();
  }
  const json::Value* type = value.find("type");
  if (type != nullptr) {
    field.type = parse_part(*type, name_space);
  } else {
    if (name != nullptr)
      fail_without(value, "type", fmt::format("the field {} needs the attribute \"type\"", field.name));
    field.type = plain_primitive(Type::kNull);
  }
  field.doc = optional_text(value, "doc");
  field.properties = field_properties(value);
  parse_field_order(value, field);
  if (type != nullptr) parse_field_default(value, field);
  parse_aliases(value, field.aliases);
  return mistakes_.size() == before;
}

bool SchemaParser::parse_field_order(const json::Value& value, Field& field) {
  const json::Value* order = value.find("order");
  if (order == nullptr) return true;
  std::string text = order->is_string() ? order->text() : std::string();
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (text == "ascending") {
    field.order = FieldOrder::kAscending;
  } else if (text == "descending") {
    field.order = FieldOrder::kDescending;
  } else if (text == "ignore") {
    field.order = FieldOrder::kIgnore;
  } else {
    fail_at(*order,
            fmt::format("the order of the field {} must be \"ascending\", \"descending\" or \"ignore\"", field.name));
    return false;
  }
  return true;
}

bool SchemaParser::parse_field_default(const json::Value& value, Field& field) {
  const json::Value* preset = value.find("default");
  if (preset == nullptr) return true;
  field.default_value = *preset;
  const bool may_be_text = field.type->type == Type::kFloat || field.type->type == Type::kDouble;
  if (!may_be_text || !preset->is_string()) return true;
  const std::optional<json::Value> number = number_of_text(*preset);
  if (number) {
    field.default_value = *number;
  } else if (options_.check_defaults) {
    fail_at(*preset, fmt::format("the default of the field {} must be a number", field.name));
    return false;
  }
  return true;
}

bool SchemaParser::parse_aliases(const json::Value& value, std::vector<std::string>& aliases) {
  const json::Value* list = value.find("aliases");
  if (list == nullptr) return true;
  const auto is_string = [](const json::Value& item) { return item.is_string(); };
  if (!list->is_array() || !std::ranges::all_of(list->items(), is_string)) {
    fail_at(*list, "\"aliases\" must be an array of strings");
    return false;
  }
  std::unordered_set<std::string_view> seen;
  for (const json::Value& alias : list->items()) {
    if (seen.insert(alias.text()).second) aliases.push_back(alias.text());
  }
  return true;
}

// ---- The rest

Node& SchemaParser::new_node(Type type) {
  Node& node = graph_->nodes.emplace_back();
  node.type = type;
  return node;
}

Result<Schema> Schema::parse(std::string_view text, const ParseOptions& options) {
  return SchemaParser(text, options).parse();
}

}  // namespace omashu::avro

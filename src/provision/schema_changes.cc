#include "provision/schema_changes.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "provision/type_definitions.h"

namespace omashu::provision {

namespace {

using json::Value;

std::string text_member(const Value& value, std::string_view name) {
  const Value* found = value.find(name);
  return found != nullptr && found->is_string() ? found->text() : "";
}

std::vector<std::string> strings_in(const Value& value, std::string_view name) {
  std::vector<std::string> strings;
  const Value* found = value.find(name);
  if (found == nullptr) return strings;
  for (const Value& item : found->items()) strings.push_back(item.text());
  return strings;
}

std::string name_space_of(const std::string& full_name) {
  const size_t dot = full_name.rfind('.');
  return dot == std::string::npos ? "" : full_name.substr(0, dot);
}

bool is_primitive(std::string_view name) {
  constexpr std::string_view kPrimitives[] = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"};
  return std::ranges::find(kPrimitives, name) != std::end(kPrimitives);
}

std::string full_name(const std::string& name, const std::string& name_space) {
  if (name.find('.') != std::string::npos || is_primitive(name) || name_space.empty()) return name;
  return name_space + "." + name;
}

// A type in a few words: "string", "array of long", "null | x.State", "bytes (decimal 10,2)".
std::string type_text(const Value& type, const std::string& name_space) {
  if (type.is_string()) return full_name(type.text(), name_space);
  if (type.is_array()) {
    std::vector<std::string> branches;
    for (const Value& branch : type.items()) branches.push_back(type_text(branch, name_space));
    return fmt::format("{}", fmt::join(branches, " | "));
  }
  const Value* inner = type.find("type");
  if (inner == nullptr) return json::to_text(type);
  if (!inner->is_string()) return type_text(*inner, name_space);
  const std::string kind = inner->text();
  const auto part = [&](std::string_view member) {
    const Value* found = type.find(member);
    return found == nullptr ? std::string("?") : type_text(*found, name_space);
  };
  if (kind == "array") return "array of " + part("items");
  if (kind == "map") return "map of " + part("values");
  const std::string logical = text_member(type, "logicalType");
  std::string text = kind;
  if (kind == "record" || kind == "error" || kind == "enum" || kind == "fixed") {
    const std::string own = text_member(type, "namespace");
    text = full_name(text_member(type, "name"), type.find("namespace") == nullptr ? name_space : own);
  }
  if (logical.empty()) return text;
  if (logical != "decimal") return fmt::format("{} ({})", text, logical);
  const auto number = [&](std::string_view member) {
    const Value* found = type.find(member);
    return found == nullptr ? std::string("0") : found->text();
  };
  return fmt::format("{} (decimal {},{})", text, number("precision"), number("scale"));
}

std::string default_text(const Value* value) { return value == nullptr ? "none" : json::to_text(*value); }

using Names = std::vector<std::string>;
using NameSet = std::set<std::string_view>;

NameSet set_of(const Names& names) { return {names.begin(), names.end()}; }

// The fields of a record: their names in their order, and each by its name.
struct Fields {
  Names names;
  std::map<std::string, const Value*, std::less<>> by_name;

  const Value* find(std::string_view name) const {
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : found->second;
  }
};

Fields fields_of(const Value& record) {
  Fields fields;
  const Value* list = record.find("fields");
  if (list == nullptr) return fields;
  for (const Value& field : list->items()) {
    std::string name = text_member(field, "name");
    if (fields.by_name.emplace(name, &field).second) fields.names.push_back(std::move(name));
  }
  return fields;
}

// What both lists have, in the order of the first.
Names common(const Names& first, const Names& second) {
  const NameSet known = set_of(second);
  Names both;
  std::ranges::copy_if(first, std::back_inserter(both), [&](const std::string& name) { return known.contains(name); });
  return both;
}

class Comparison {
 public:
  std::vector<std::string> take() { return std::move(changes_); }

  void note(std::string text) { changes_.push_back(std::move(text)); }

  void compare_types(const std::string& name, const Value& before, const Value& after) {
    const std::string kind = text_member(after, "type");
    if (text_member(before, "type") != kind) {
      return note(fmt::format("{}: {} → {}", name, text_member(before, "type"), kind));
    }
    compare_texts(name, "doc", before, after);
    compare_lists(name, "alias", strings_in(before, "aliases"), strings_in(after, "aliases"));
    if (kind == "enum") {
      const auto symbols_before = strings_in(before, "symbols"), symbols_after = strings_in(after, "symbols");
      compare_lists(name, "symbol", symbols_before, symbols_after);
      if (common(symbols_before, symbols_after) != common(symbols_after, symbols_before)) {
        note(name + ": the symbols have another order");
      }
      compare_defaults(name, before, after);
    } else if (kind == "fixed") {
      if (type_text(before, "") != type_text(after, "")) {
        note(fmt::format("{}: {} → {}", name, type_text(before, ""), type_text(after, "")));
      }
      const Value *size_before = before.find("size"), *size_after = after.find("size");
      if (size_before != nullptr && size_after != nullptr && size_before->text() != size_after->text()) {
        note(fmt::format("{}: {} bytes → {} bytes", name, size_before->text(), size_after->text()));
      }
    } else {
      compare_fields(name, before, after);
    }
  }

 private:
  void compare_fields(const std::string& record, const Value& before, const Value& after) {
    const Fields old_fields = fields_of(before), new_fields = fields_of(after);
    const std::string name_space = name_space_of(record);
    std::set<std::string> renamed;
    for (const std::string& name : new_fields.names) {
      const Value& field = *new_fields.find(name);
      if (const Value* old = old_fields.find(name)) {
        compare_field(record + "." + name, *old, field, name_space);
      } else if (const std::string alias = former_name(field, old_fields, new_fields); !alias.empty()) {
        note(fmt::format("{}.{} renamed to {} (alias)", record, alias, name));
        renamed.insert(alias);
        compare_field(record + "." + name, *old_fields.find(alias), field, name_space);
      } else {
        note_added_field(record + "." + name, field, name_space);
      }
    }
    for (const std::string& name : old_fields.names) {
      if (new_fields.find(name) == nullptr && !renamed.contains(name)) note(fmt::format("{}.{} removed", record, name));
    }
    if (common(old_fields.names, new_fields.names) != common(new_fields.names, old_fields.names)) {
      note(record + ": the fields have another order");
    }
  }

  // The name that a field had before, by its aliases; "" where it is new.
  static std::string former_name(const Value& field, const Fields& old_fields, const Fields& new_fields) {
    for (const std::string& alias : strings_in(field, "aliases")) {
      if (old_fields.find(alias) != nullptr && new_fields.find(alias) == nullptr) return alias;
    }
    return "";
  }

  void note_added_field(const std::string& path, const Value& field, const std::string& name_space) {
    const Value *type = field.find("type"), *value = field.find("default");
    note(fmt::format("{} added: {}, {}", path, type == nullptr ? "?" : type_text(*type, name_space),
                     value == nullptr ? "without a default" : "default " + json::to_text(*value)));
  }

  void compare_field(const std::string& path, const Value& before, const Value& after, const std::string& name_space) {
    const Value *type_before = before.find("type"), *type_after = after.find("type");
    if (type_before != nullptr && type_after != nullptr) {
      const std::string from = type_text(*type_before, name_space), to = type_text(*type_after, name_space);
      if (from != to) note(fmt::format("{}: {} → {}", path, from, to));
    }
    compare_defaults(path, before, after);
    compare_texts(path, "doc", before, after);
  }

  void compare_defaults(const std::string& path, const Value& before, const Value& after) {
    const std::string from = default_text(before.find("default")), to = default_text(after.find("default"));
    if (from != to) note(fmt::format("{}: default {} → {}", path, from, to));
  }

  void compare_texts(const std::string& path, std::string_view member, const Value& before, const Value& after) {
    if (text_member(before, member) != text_member(after, member)) note(fmt::format("{}: {} changed", path, member));
  }

  void compare_lists(const std::string& path, std::string_view noun, const std::vector<std::string>& before,
                     const std::vector<std::string>& after) {
    const NameSet were = set_of(before), are = set_of(after);
    for (const std::string& item : after) {
      if (!were.contains(item)) note(fmt::format("{}: {} {} added", path, noun, item));
    }
    for (const std::string& item : before) {
      if (!are.contains(item)) note(fmt::format("{}: {} {} removed", path, noun, item));
    }
  }

  std::vector<std::string> changes_;
};

}  // namespace

std::vector<std::string> schema_changes(const Value& before, const Value& after) {
  Comparison comparison;
  const auto types_before = find_type_definitions(before), types_after = find_type_definitions(after);
  std::map<std::string, const Value*> old_types, new_types;
  for (const TypeDefinition& type : types_before) old_types.emplace(type.full_name, type.value);
  for (const TypeDefinition& type : types_after) new_types.emplace(type.full_name, type.value);

  // The type that the whole text is may have got another name.
  const bool is_root_before = !types_before.empty() && types_before.front().value == &before;
  const bool is_root_after = !types_after.empty() && types_after.front().value == &after;
  if (is_root_before && is_root_after) {
    const std::string &from = types_before.front().full_name, &to = types_after.front().full_name;
    if (from != to && !new_types.contains(from) && !old_types.contains(to)) {
      comparison.note(fmt::format("{} renamed to {}", from, to));
      old_types.emplace(to, old_types.at(from));
      old_types.erase(from);
    }
  } else if (type_text(before, "") != type_text(after, "")) {
    comparison.note(fmt::format("{} → {}", type_text(before, ""), type_text(after, "")));
  }
  for (const TypeDefinition& type : types_after) {
    if (new_types.at(type.full_name) != type.value) continue;  // a second one of its name is a mistake of the text
    const auto old = old_types.find(type.full_name);
    if (old == old_types.end()) {
      comparison.note(fmt::format("{} added ({})", type.full_name, text_member(*type.value, "type")));
    } else {
      comparison.compare_types(type.full_name, *old->second, *type.value);
    }
  }
  for (const auto& [name, type] : old_types) {
    if (!new_types.contains(name)) comparison.note(fmt::format("{} removed ({})", name, text_member(*type, "type")));
  }
  return comparison.take();
}

}  // namespace omashu::provision

#include "provision/schema_changes.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
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

const Value* find_field(const Value& record, const std::string& name) {
  const Value* fields = record.find("fields");
  if (fields == nullptr) return nullptr;
  for (const Value& field : fields->items()) {
    if (text_member(field, "name") == name) return &field;
  }
  return nullptr;
}

std::vector<std::string> field_names(const Value& record) {
  std::vector<std::string> names;
  const Value* fields = record.find("fields");
  if (fields == nullptr) return names;
  for (const Value& field : fields->items()) names.push_back(text_member(field, "name"));
  return names;
}

// What both lists have, in the order of the first.
std::vector<std::string> common(const std::vector<std::string>& first, const std::vector<std::string>& second) {
  std::vector<std::string> both;
  std::ranges::copy_if(first, std::back_inserter(both),
                       [&](const std::string& name) { return std::ranges::find(second, name) != second.end(); });
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
    const auto names_before = field_names(before), names_after = field_names(after);
    std::vector<std::string> renamed;
    for (const std::string& name : names_after) {
      const Value& field = *find_field(after, name);
      if (const Value* old = find_field(before, name)) {
        compare_field(record + "." + name, *old, field, name_space_of(record));
        continue;
      }
      const auto aliases = common(strings_in(field, "aliases"), names_before);
      if (!aliases.empty() && find_field(after, aliases.front()) == nullptr) {
        note(fmt::format("{}.{} renamed to {} (alias)", record, aliases.front(), name));
        renamed.push_back(aliases.front());
        compare_field(record + "." + name, *find_field(before, aliases.front()), field, name_space_of(record));
        continue;
      }
      const Value* type = field.find("type");
      const Value* value = field.find("default");
      note(fmt::format("{}.{} added: {}, {}", record, name,
                       type == nullptr ? "?" : type_text(*type, name_space_of(record)),
                       value == nullptr ? "without a default" : "default " + json::to_text(*value)));
    }
    for (const std::string& name : names_before) {
      const bool is_renamed = std::ranges::find(renamed, name) != renamed.end();
      if (find_field(after, name) == nullptr && !is_renamed) note(fmt::format("{}.{} removed", record, name));
    }
    if (common(names_before, names_after) != common(names_after, names_before)) {
      note(record + ": the fields have another order");
    }
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
    for (const std::string& item : after) {
      if (std::ranges::find(before, item) == before.end()) note(fmt::format("{}: {} {} added", path, noun, item));
    }
    for (const std::string& item : before) {
      if (std::ranges::find(after, item) == after.end()) note(fmt::format("{}: {} {} removed", path, noun, item));
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

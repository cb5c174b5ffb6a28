#include "avro/resolver.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "avro/resolution.h"

namespace omashu::avro {

namespace {

// Types within types, by definition or by name, that are followed.
constexpr size_t kMaxSchemaDepth = 500;

std::string describe(const Node& node) {
  return node.is_named() ? fmt::format("{} {}", type_name(node.type), node.full_name)
                         : std::string(type_name(node.type));
}

void set_mismatch(Resolution& resolution, std::string path, std::string text) {
  resolution.kind = Resolution::Kind::kMismatch;
  resolution.mismatch_path = std::move(path);
  resolution.mismatch = std::move(text);
}

void set_type_mismatch(Resolution& resolution) {
  set_mismatch(resolution, "",
               fmt::format("the data has {}, which the reader's {} cannot take", describe(*resolution.writer),
                           describe(*resolution.reader)));
}

// Takes over the mismatch of a part.
bool inherit_mismatch(Resolution& resolution, const Resolution& part, std::string_view step) {
  if (part.kind != Resolution::Kind::kMismatch) return false;
  set_mismatch(resolution, fmt::format("{}{}", step, part.mismatch_path), part.mismatch);
  return true;
}

}  // namespace

Result<const Resolution*> Resolver::resolve(const Node& writer, const Node& reader, bool any_root_name) {
  any_name_ = any_root_name ? &writer : nullptr;
  const Resolution& resolution = resolve_pair(writer, reader);
  if (resolution.kind == Resolution::Kind::kMismatch) {
    return fail(ErrorCode::kIncompatible, fmt::format("${}: {}", resolution.mismatch_path, resolution.mismatch));
  }
  return &resolution;
}

Resolution& Resolver::resolve_pair(const Node& writer, const Node& reader) {
  Resolution*& known = known_[{&writer, &reader}];
  if (known != nullptr) return *known;
  Resolution& resolution = resolutions_.emplace_back();
  known = &resolution;
  resolution.writer = &writer;
  resolution.reader = &reader;
  if (depth_ >= kMaxSchemaDepth) {
    set_mismatch(resolution, "", fmt::format("the schema is nested deeper than {} types", kMaxSchemaDepth));
    return resolution;
  }
  ++depth_;
  fill(resolution);
  --depth_;
  return resolution;
}

void Resolver::fill(Resolution& resolution) {
  const Node& writer = *resolution.writer;
  const Node& reader = *resolution.reader;
  if (writer.type == Type::kUnion) return fill_writer_union(resolution);
  if (reader.type == Type::kUnion) return fill_reader_union(resolution);
  if (writer.type != reader.type) {
    if (!is_promotable(writer.type, reader.type)) return set_type_mismatch(resolution);
    resolution.kind = Resolution::Kind::kSame;
    return;
  }
  if (writer.is_named() && &writer != any_name_ && !names_match(reader, writer)) return set_type_mismatch(resolution);
  switch (writer.type) {
    case Type::kRecord: return fill_record(resolution);
    case Type::kEnum: return fill_enum(resolution);
    case Type::kArray:
    case Type::kMap: return fill_items(resolution);
    case Type::kFixed:
      if (writer.fixed_size != reader.fixed_size) {
        return set_mismatch(resolution, "",
                            fmt::format("fixed {} has {} bytes in the data and {} in the reader's schema",
                                        reader.full_name, writer.fixed_size, reader.fixed_size));
      }
      [[fallthrough]];
    default: resolution.kind = Resolution::Kind::kSame;
  }
}

void Resolver::fill_writer_union(Resolution& resolution) {
  resolution.kind = Resolution::Kind::kWriterUnion;
  const Resolution* first_mismatch = nullptr;
  bool any = resolution.writer->branches.empty();
  for (const Node* branch : resolution.writer->branches) {
    const Resolution& part = resolve_pair(*branch, *resolution.reader);
    resolution.branches.push_back(&part);
    if (part.kind != Resolution::Kind::kMismatch) {
      any = true;
    } else if (first_mismatch == nullptr) {
      first_mismatch = &part;
    }
  }
  if (!any) inherit_mismatch(resolution, *first_mismatch, "");
}

void Resolver::fill_reader_union(Resolution& resolution) {
  const int branch = find_branch(*resolution.writer, *resolution.reader);
  if (branch < 0) {
    return set_mismatch(
        resolution, "",
        fmt::format("the data has {}, which no branch of the reader's union takes", describe(*resolution.writer)));
  }
  resolution.reader_branch = static_cast<size_t>(branch);
  resolution.branches = {&resolve_pair(*resolution.writer, *resolution.reader->branches[resolution.reader_branch])};
  resolution.kind = Resolution::Kind::kReaderUnion;
}

// As Avro Java does it: the branch of the same type (and full name) first, wherever it stands; then the first one that
// matches by its unqualified name or an alias; then the first one that the value can be promoted to.
int Resolver::find_branch(const Node& writer, const Node& reader_union) {
  const std::vector<const Node*>& branches = reader_union.branches;
  const auto matches = [&](const Node& branch) {
    return resolve_pair(writer, branch).kind != Resolution::Kind::kMismatch;
  };
  const auto find = [&](auto accepts) {
    for (size_t i = 0; i < branches.size(); ++i) {
      if (accepts(*branches[i]) && matches(*branches[i])) return static_cast<int>(i);
    }
    return -1;
  };
  int index =
      find([&](const Node& branch) { return branch.type == writer.type && branch.full_name == writer.full_name; });
  if (index < 0) index = find([&](const Node& branch) { return branch.type == writer.type; });
  if (index < 0) index = find([&](const Node& branch) { return is_promotable(writer.type, branch.type); });
  return index;
}

void Resolver::fill_record(Resolution& resolution) {
  const std::vector<Field>& writer_fields = resolution.writer->fields;
  const std::vector<Field>& reader_fields = resolution.reader->fields;
  std::vector<int> reader_of(writer_fields.size(), -1);
  for (size_t i = 0; i < reader_fields.size(); ++i) {
    const Field& field = reader_fields[i];
    if (const Field* found = find_writer_field(*resolution.writer, field)) {
      int& reader = reader_of[static_cast<size_t>(found - writer_fields.data())];
      // Two fields of the reader may lay claim to one of the writer's, by name and by alias: the first has it.
      if (std::exchange(reader, reader < 0 ? static_cast<int>(i) : reader) < 0) continue;
    }
    if (!field.default_value) {
      return set_mismatch(resolution, "." + field.name,
                          "the data has no such field, and the reader's schema gives it no default");
    }
    resolution.defaulted.push_back(i);
  }
  for (size_t i = 0; i < writer_fields.size(); ++i) {
    FieldResolution field{.writer = &writer_fields[i], .reader_index = reader_of[i]};
    if (field.reader_index >= 0) {
      const Field& reader = reader_fields[static_cast<size_t>(field.reader_index)];
      const Resolution& value = resolve_pair(*writer_fields[i].type, *reader.type);
      if (inherit_mismatch(resolution, value, "." + reader.name)) return;
      field.value = &value;
    }
    resolution.fields.push_back(field);
  }
  resolution.kind = Resolution::Kind::kRecord;
}

void Resolver::fill_enum(Resolution& resolution) {
  const auto index_of = [&](const std::string& symbol) -> int64_t {
    const auto index = resolution.reader->find_symbol(symbol);
    return index ? static_cast<int64_t>(*index) : -1;
  };
  bool any = false;
  for (const std::string& symbol : resolution.writer->symbols) {
    int64_t index = index_of(symbol);
    if (index < 0 && resolution.reader->enum_default) index = index_of(*resolution.reader->enum_default);
    any = any || index >= 0;
    resolution.symbols.push_back(index);
  }
  resolution.kind = Resolution::Kind::kEnum;
  if (!any && !resolution.symbols.empty()) {
    set_mismatch(resolution, "",
                 fmt::format("enum {} of the reader has none of the data's symbols and no default",
                             resolution.reader->full_name));
  }
}

void Resolver::fill_items(Resolution& resolution) {
  const Resolution& items = resolve_pair(*resolution.writer->items, *resolution.reader->items);
  if (inherit_mismatch(resolution, items, "[]")) return;
  resolution.items = &items;
  resolution.kind = Resolution::Kind::kItems;
}

}  // namespace omashu::avro

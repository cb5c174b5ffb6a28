#include "schema_registry/server/versions.h"

#include <charconv>

namespace omashu::schema_registry::server {

Answer<std::optional<int>> parse_version_name(std::string_view name) {
  if (name == "latest" || name == "-1") return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number < 1) return invalid_version(name);
  return number;
}

Answer<const VersionEntry*> find_named(const Store& store, std::string_view subject, std::string_view version,
                                       bool deleted_too) {
  const Answer<std::optional<int>> number = parse_version_name(version);
  if (!number) return std::unexpected(number.error());
  const Subject* found = store.find_subject(subject);
  if (found == nullptr || !found->has(deleted_too)) return subject_not_found(subject);
  const VersionEntry* entry = *number ? found->find(**number) : found->latest();
  if (entry == nullptr || (entry->is_deleted && !deleted_too)) return version_not_found(number->value_or(-1));
  return entry;
}

}  // namespace omashu::schema_registry::server

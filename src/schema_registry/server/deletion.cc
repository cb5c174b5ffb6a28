#include "schema_registry/server/deletion.h"

#include <fmt/core.h>

#include <algorithm>
#include <ranges>

#include "schema_registry/server/answer_json.h"
#include "schema_registry/server/subject_name.h"
#include "schema_registry/server/versions.h"

namespace omashu::schema_registry::server {

namespace {

// A hidden version can come back, so it counts as a referrer where the deletion is for good.
Answer<void> check_unreferenced(const Store& store, const std::string& subject, int version, bool permanent,
                                bool whole_subject) {
  for (const Content* referrer : store.referrers(subject, version)) {
    if (!permanent && !store.is_live(*referrer)) continue;
    const bool is_elsewhere =
        std::ranges::any_of(referrer->places, [&](const Content::Place& place) { return *place.subject != subject; });
    if (whole_subject && !is_elsewhere) continue;  // it goes as well
    return refuse(error_code::kReferenceExists,
                  fmt::format("One or more references exist to the schema {{magic=1,keytype=SCHEMA,subject={},"
                              "version={}}}.",
                              subject, version));
  }
  return {};
}

void remove(const Store& store, const TopicKey& key, std::vector<TopicRecord>& records) {
  for (std::string& spelling : store.spellings(key)) records.push_back({std::move(spelling), std::nullopt});
}

void remove_settings(const Store& store, const std::string& subject, std::vector<TopicRecord>& records) {
  if (store.mode(subject) != nullptr) remove(store, {KeyType::kMode, subject}, records);
  if (store.config(subject) != nullptr) remove(store, {KeyType::kConfig, subject}, records);
}

}  // namespace

Answer<void> check_writable(const Store& store, const std::string& subject) {
  const Mode mode = store.mode_in_force(subject);
  if (mode != Mode::kReadOnly && mode != Mode::kReadOnlyOverride) return {};
  return refuse(error_code::kOperationNotPermitted, fmt::format("Subject {} in context {} is in read-only mode",
                                                                subject, context_name(context_of(subject))));
}

void keep_account(const Store& store, std::string_view context, const IdRanges& leaving,
                  std::vector<TopicRecord>& records) {
  if (store.leader().term.number == 0) return;
  records.insert(records.begin(), leader_record(store.leader_value({{std::string(context), leaving}})));
}

Answer<Decision> delete_subject(const Store& store, const std::string& subject, bool permanent) {
  const Subject* found = store.find_subject(subject);
  if (found == nullptr) return subject_not_found(subject);
  if (!permanent && found->latest() == nullptr) {
    return refuse(error_code::kSubjectSoftDeleted,
                  fmt::format("Subject '{}' was soft deleted.Set permanent=true to delete permanently", subject));
  }
  if (auto writable = check_writable(store, subject); !writable) return std::unexpected(std::move(writable.error()));

  Decision decision;
  std::vector<int> versions;
  std::vector<int> ids;
  for (const VersionEntry& entry : found->versions) {
    if (!permanent && entry.is_deleted) continue;
    auto free = check_unreferenced(store, subject, entry.version, permanent, true);
    if (!free) return std::unexpected(std::move(free.error()));
    if (permanent && !entry.is_deleted) {
      return refuse(error_code::kSubjectNotSoftDeleted,
                    fmt::format("Subject '{}' was not deleted first before being permanently deleted", subject));
    }
    versions.push_back(entry.version);
    ids.push_back(static_cast<int>(entry.content->id));
  }
  decision.answer = numbers_json(versions);
  if (!permanent) {
    decision.records.push_back(delete_subject_record(subject, versions.back()));
    return decision;
  }
  // The newest first: an older one may be what it refers to.
  for (const int version : versions | std::views::reverse) {
    remove(store, {KeyType::kSchema, subject, version}, decision.records);
  }
  remove_settings(store, subject, decision.records);
  keep_account(store, context_of(subject), IdRanges::of(ids), decision.records);
  return decision;
}

Answer<Decision> delete_version(const Store& store, const std::string& subject, const std::string& version,
                                bool permanent) {
  const Answer<const VersionEntry*> named = find_named(store, subject, version, true);
  if (!named) return std::unexpected(named.error());
  const VersionEntry& entry = **named;
  if (!permanent && entry.is_deleted) {
    return refuse(error_code::kVersionSoftDeleted,
                  fmt::format("Subject '{}' Version {} was soft deleted.Set permanent=true to delete permanently",
                              subject, entry.version));
  }
  if (auto writable = check_writable(store, subject); !writable) return std::unexpected(std::move(writable.error()));
  auto free = check_unreferenced(store, subject, entry.version, permanent, false);
  if (!free) return std::unexpected(std::move(free.error()));
  if (permanent && !entry.is_deleted) {
    return refuse(error_code::kVersionNotSoftDeleted,
                  fmt::format("Subject '{}' Version {} was not deleted first before being permanently deleted", subject,
                              entry.version));
  }

  Decision decision = {.records = {}, .answer = fmt::format("{}", entry.version)};
  if (!permanent) {
    decision.records.push_back(schema_record(
        {subject, entry.version, entry.content->id, entry.content->text, entry.content->all_annotations(), true}));
    return decision;
  }
  remove(store, {KeyType::kSchema, subject, entry.version}, decision.records);
  if (store.find_subject(subject)->versions.size() == 1) remove_settings(store, subject, decision.records);
  keep_account(store, context_of(subject), IdRanges::of({static_cast<int>(entry.content->id)}), decision.records);
  return decision;
}

Answer<Decision> delete_context(const Store& store, const std::string& context) {
  const auto first = store.subjects().lower_bound(context);
  if (first != store.subjects().end() && first->first.starts_with(context)) {
    return refuse(42211, fmt::format("The specified context '{}' is not empty.", context_name(context)));
  }
  if (context.empty() || !store.contexts().contains(context)) {
    return refuse(404, fmt::format("Context '{}' not found.", context_name(context)));
  }
  Decision decision;
  remove(store, {KeyType::kContext, context_name(context)}, decision.records);
  return decision;
}

}  // namespace omashu::schema_registry::server

#include "schema_registry/server/registration.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "schema_registry/server/answer_json.h"
#include "schema_registry/server/candidate.h"
#include "schema_registry/server/compatibility_check.h"
#include "schema_registry/server/deletion.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

std::unexpected<ApiError> not_permitted(std::string message) {
  return refuse(error_code::kOperationNotPermitted, std::move(message));
}

Answer<void> check_mode(const Store& store, const Registration& wanted) {
  const Mode mode = store.mode_in_force(wanted.subject);
  const auto is_not = [&](std::string_view what) {
    return not_permitted(
        fmt::format("Subject {} in context {} is {}", wanted.subject, context_name(context_of(wanted.subject)), what));
  };
  if (mode == Mode::kReadOnly || mode == Mode::kReadOnlyOverride) return is_not("in read-only mode");
  if (wanted.request.id && mode != Mode::kImport && mode != Mode::kForward) return is_not("not in import mode");
  if (!wanted.request.id && mode != Mode::kReadWrite) return is_not("not in read-write mode");
  return {};
}

// The candidate, with what the request leaves to the latest version.
Answer<Candidate> complete_candidate(const Store& store, const Registration& wanted) {
  const bool is_import = wanted.request.id.has_value();
  const SchemaRequest& request = wanted.request;
  const SchemaText* text = &request.text;
  Annotations annotations = request.annotations;
  if (!is_import) {
    annotations =
        configured_annotations(store, wanted.subject, inherited_annotations(store, wanted.subject, annotations));
    const Subject* subject = store.find_subject(wanted.subject);
    const VersionEntry* latest = subject == nullptr ? nullptr : subject->latest();
    if (request.text.schema.empty() && latest != nullptr) text = &latest->content->text;
  }
  const bool normalize = wanted.normalize || store.config_in_force(wanted.subject).normalize.value_or(false);
  if (request.tags.empty()) return make_candidate(store, wanted.subject, *text, annotations, normalize && !is_import);
  Answer<std::string> tagged = with_tags(text->schema, request.tags);
  if (!tagged) return std::unexpected(std::move(tagged.error()));
  SchemaText changed = *text;
  changed.schema = *std::move(tagged);
  return make_candidate(store, wanted.subject, changed, annotations, normalize && !is_import);
}

Answer<void> check_compatible(const Store& store, const Registration& wanted, const Candidate& candidate) {
  const std::vector<VersionEntry> versions = live_versions(store, wanted.subject);
  const std::vector<std::string> reasons =
      conflicts_with(store, wanted.subject, candidate, store.config_in_force(wanted.subject), versions);
  if (reasons.empty()) return {};
  return refuse(error_code::kIncompatible,
                fmt::format("Schema being registered is incompatible with an earlier schema for subject \"{}\", "
                            "details: [{}]",
                            wanted.subject, fmt::join(reasons, ", ")));
}

// The same content has one id in a context, whatever its subject.
Answer<SchemaId> choose_id(const Store& store, const Registration& wanted, const Candidate& candidate) {
  const std::string_view context = context_of(wanted.subject);
  if (!wanted.request.id) {
    if (const Content* known = find_content(store, context, candidate)) return known->id;
    const int max_id = store.max_id(context);
    if (max_id == std::numeric_limits<int32_t>::max()) return refuse(error_code::kStore, "there are no ids left");
    return SchemaId{max_id + 1};
  }
  const Content* holder = store.find(context, *wanted.request.id);
  if (holder != nullptr && holder->guid != candidate.guid) {
    return not_permitted(fmt::format("Overwrite new schema with id {} in context {} is not permitted.",
                                     static_cast<int32_t>(*wanted.request.id), context_name(context)));
  }
  return *wanted.request.id;
}

Answer<int> choose_version(const Store& store, const Registration& wanted, SchemaId id) {
  const Subject* subject = store.find_subject(wanted.subject);
  const int64_t last = store.highest_given_version(wanted.subject);
  const std::optional<int> requested = wanted.request.version;
  if (!requested || *requested == last + 1) {
    if (last >= std::numeric_limits<int32_t>::max()) return refuse(error_code::kStore, "there are no versions left");
    return static_cast<int>(last + 1);
  }
  if (!wanted.request.id) return invalid_schema("Version is not one more than previous version");
  const VersionEntry* there = subject == nullptr ? nullptr : subject->find(*requested);
  if (there != nullptr && there->content->id != id) {
    return not_permitted(fmt::format("Version {} of subject {} has the id {} already", *requested, wanted.subject,
                                     static_cast<int32_t>(there->content->id)));
  }
  return *requested;
}

// A version that was deleted and comes again under the next number: nothing but a reference still needs the old one. It
// goes behind the new one, so that the id is never without a schema.
void remove_deleted_twins(const Store& store, const SchemaValue& value, std::vector<TopicRecord>& records) {
  const Subject* subject = store.find_subject(value.subject);
  if (subject == nullptr) return;
  for (const VersionEntry& entry : subject->versions) {
    if (!entry.is_deleted || entry.content->id != value.id || entry.version >= value.version) continue;
    if (!store.referrers(value.subject, entry.version).empty()) continue;
    for (std::string& key : store.spellings({KeyType::kSchema, value.subject, entry.version})) {
      records.push_back({std::move(key), std::nullopt});
    }
  }
}

// An import may leave ids out, and so leaves a gap in them that is no loss.
void keep_account_of_gap(const Store& store, const SchemaValue& value, std::vector<TopicRecord>& records) {
  const std::string_view context = context_of(value.subject);
  const int id = static_cast<int>(value.id);
  const int max_id = store.max_id(context);
  if (id <= max_id || id - 1 == max_id) return;  // max_id may be the greatest int
  IdRanges gap;
  gap.append(max_id + 1, id - 1);
  keep_account(store, context, gap, records);
}

std::string answer_for(const Registration& wanted, const VersionEntry& entry) {
  if (!wanted.tells_all) return fmt::format(R"({{"id":{}}})", static_cast<int32_t>(entry.content->id));
  return schema_json({.version = entry.version, .id = entry.content->id}, *entry.content, true);
}

std::string answer_for(const Registration& wanted, const SchemaValue& value, const Guid& guid) {
  if (!wanted.tells_all) return fmt::format(R"({{"id":{}}})", static_cast<int32_t>(value.id));
  return schema_json({.version = value.version, .id = value.id}, value.text, value.annotations, guid, true);
}

// A version that already is what is wanted; null where there is none.
const VersionEntry* find_wanted(const Store& store, const Registration& wanted, const Candidate& candidate) {
  const VersionEntry* same = find_same(store, wanted.subject, candidate, false);
  if (same == nullptr || (wanted.request.id && *wanted.request.id != same->content->id)) return nullptr;
  if (wanted.request.version && *wanted.request.version != same->version) return nullptr;
  return same;
}

}  // namespace

Answer<std::optional<std::string>> find_registered(const Store& store, const Registration& wanted) {
  if (!is_valid_subject(wanted.subject)) return invalid_subject(wanted.subject);
  const Answer<Candidate> candidate = complete_candidate(store, wanted);
  if (!candidate) return std::unexpected(candidate.error());
  const VersionEntry* same = find_wanted(store, wanted, *candidate);
  if (same == nullptr) return std::nullopt;
  return answer_for(wanted, *same);
}

Answer<Decision> register_schema(const Store& store, const Registration& wanted) {
  if (!is_valid_subject(wanted.subject)) return invalid_subject(wanted.subject);
  if (auto allowed = check_mode(store, wanted); !allowed) return std::unexpected(std::move(allowed.error()));
  Answer<Candidate> candidate = complete_candidate(store, wanted);
  if (!candidate) return std::unexpected(std::move(candidate.error()));
  if (const VersionEntry* same = find_wanted(store, wanted, *candidate)) return Decision{{}, answer_for(wanted, *same)};
  if (!wanted.request.id) {
    if (auto suit = check_defaults(store, wanted.subject, *candidate); !suit) {
      return std::unexpected(std::move(suit.error()));
    }
    if (auto goes = check_compatible(store, wanted, *candidate); !goes) return std::unexpected(std::move(goes.error()));
  }
  const Answer<SchemaId> id = choose_id(store, wanted, *candidate);
  if (!id) return std::unexpected(id.error());
  const Answer<int> version = choose_version(store, wanted, *id);
  if (!version) return std::unexpected(version.error());

  Decision decision;
  const std::string context(context_of(wanted.subject));
  if (!context.empty() && !store.contexts().contains(context)) {
    decision.records.push_back(context_record(context_name(context)));
  }
  // One id has one text: that of the schema that has it.
  const Content* known = wanted.request.id ? nullptr : find_content(store, context, *candidate);
  const SchemaValue value = {wanted.subject, *version, *id, known == nullptr ? std::move(candidate->text) : known->text,
                             std::move(candidate->annotations)};
  const Guid guid = known == nullptr ? candidate->guid : known->guid;
  decision.records.push_back(schema_record(value));
  remove_deleted_twins(store, value, decision.records);
  keep_account_of_gap(store, value, decision.records);
  decision.answer = answer_for(wanted, value, guid);
  return decision;
}

}  // namespace omashu::schema_registry::server

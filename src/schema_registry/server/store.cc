// The store as the reader of the topic sees it: records in.

#include "schema_registry/server/store.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

// A number for each byte, such that sums of them seldom meet (splitmix64).
constexpr std::array<uint64_t, 256> make_letters() {
  std::array<uint64_t, 256> letters{};
  uint64_t state = 0;
  for (uint64_t& letter : letters) {
    state += 0x9e3779b97f4a7c15U;
    letter = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9U;
    letter = (letter ^ (letter >> 27)) * 0x94d049bb133111ebU;
    letter ^= letter >> 31;
  }
  return letters;
}

auto find_place(std::vector<VersionEntry>& versions, int version) {
  return std::ranges::lower_bound(versions, version, {}, &VersionEntry::version);
}

}  // namespace

uint64_t letters_key(std::string_view text) {
  static constexpr std::array<uint64_t, 256> kLetters = make_letters();
  uint64_t key = text.size();
  for (const char c : text) key += kLetters[static_cast<unsigned char>(c)];
  return key;
}

Store::Outcome Store::apply(const IncomingRecord& record) {
  assert(record.offset >= next_offset_);
  unseen_offsets_ += record.offset - next_offset_;
  next_offset_ = record.offset + 1;
  Result<ParsedRecord> parsed = parse_record(record.key, record.value);
  if (!parsed || parsed->key.type == KeyType::kOther) return Outcome::kPassedOver;
  const std::optional<Term> term = parse_term(record.term);
  if (!term && parsed->key.type == KeyType::kSchema) leader_.missing_ids.reset();  // others do not keep the account
  const Outcome outcome = term && !enters_term(*term) ? Outcome::kRefused : apply_parsed(*parsed, record.timestamp_ms);
  if (outcome == Outcome::kRefused) {
    refused_.insert(std::move(parsed->key));
    refused_offsets_.insert(record.offset);
    if (refused_offsets_.size() > kRememberedRefusals) refused_offsets_.erase(refused_offsets_.begin());
    return outcome;
  }
  if (term) told_given_ids_ = std::max(told_given_ids_, record.given_ids);
  refused_.erase(parsed->key);
  note_spelling(parsed->key, record.key, !record.value);
  return outcome;
}

// Whether the term is in force, which a higher one is from here on.
bool Store::enters_term(const Term& term) {
  if (term.number > leader_.term.number) {
    leader_.term = term;
    leader_.url.clear();
    leader_.missing_ids.reset();
  }
  return term == leader_.term;
}

Store::Outcome Store::apply_parsed(ParsedRecord& record, int64_t timestamp_ms) {
  const TopicKey& key = record.key;
  const bool is_tombstone = std::holds_alternative<std::monostate>(record.value);
  switch (key.type) {
    case KeyType::kSchema:
      if (!is_tombstone) return apply_schema(std::get<SchemaValue>(record.value), timestamp_ms);
      remove_version(key.subject, key.version);
      break;
    case KeyType::kConfig: set(configs_, normalized_subject(key.subject), record.value); break;
    case KeyType::kMode: set(modes_, normalized_subject(key.subject), record.value); break;
    case KeyType::kDeleteSubject:
      if (!is_tombstone) delete_versions(key.subject, std::get<DeleteSubjectValue>(record.value).version);
      break;
    case KeyType::kContext: {
      std::string context = context_from_name(key.subject);
      if (context.empty()) break;
      if (is_tombstone) {
        contexts_.erase(context);
      } else {
        contexts_.insert(std::move(context));
      }
      break;
    }
    case KeyType::kNoop:
      if (!is_tombstone) return apply_leader(std::get<LeaderValue>(record.value));
      leader_.missing_ids.reset();
      break;
    case KeyType::kOther: break;
  }
  return Outcome::kApplied;
}

template <class Value>
void Store::set(std::map<std::string, Value, std::less<>>& all, const std::string& scope, const TopicValue& value) {
  if (const auto* setting = std::get_if<Value>(&value)) {
    all.insert_or_assign(scope, *setting);
  } else {
    all.erase(scope);
  }
}

Store::Outcome Store::apply_leader(const LeaderValue& value) {
  if (!enters_term(value.term)) return Outcome::kRefused;
  leader_.url = value.url;
  leader_.missing_ids = value.missing_ids;
  leader_.repaired_until = std::max(leader_.repaired_until, value.repaired_until);
  leader_.lost_records = std::max(leader_.lost_records, value.lost_records);
  for (const auto& [context, id] : value.max_ids) raise_max_id(context_for(context), id);
  if (!lost_ids_.empty()) check_ids();
  return Outcome::kApplied;
}

Store::ContextState& Store::context_for(const std::string& subject) {
  const std::string_view context = context_of(subject);
  if (const auto found = by_context_.find(context); found != by_context_.end()) return found->second;
  if (!context.empty()) contexts_.emplace(context);
  return by_context_[std::string(context)];
}

void Store::raise_max_id(ContextState& context, int id) {
  if (id <= context.max_id) return;
  given_ids_ += id - context.max_id;
  context.max_id = id;
  context.unseen_offsets_at_max_id = unseen_offsets_;
}

// ---- Versions

Store::Outcome Store::apply_schema(SchemaValue& value, int64_t timestamp_ms) {
  ContextState& context = context_for(value.subject);
  const auto [first, last] = context.by_id.equal_range(static_cast<int32_t>(value.id));
  const bool is_taken =
      std::any_of(first, last, [&](const auto& known) { return known.second->text.schema != value.text.schema; });
  if (is_taken) return Outcome::kRefused;

  Content& content = intern(context, value, guid_of(value.text, value.annotations));
  const auto subject = subjects_.try_emplace(value.subject).first;
  std::vector<VersionEntry>& versions = subject->second.versions;
  const auto place = find_place(versions, value.version);
  if (place == versions.end() || place->version != value.version) {
    content.places.push_back({&subject->first, value.version});
    if (place == versions.end()) subject->second.newest_offset = next_offset_ - 1;
    versions.insert(place, {value.version, value.is_deleted, &content, timestamp_ms});
    return Outcome::kApplied;
  }
  place->is_deleted = value.is_deleted;
  place->timestamp_ms = timestamp_ms;
  if (place->content != &content) {
    content.places.push_back({&subject->first, value.version});
    leave(*std::exchange(place->content, &content), value.subject, value.version);
  }
  return Outcome::kApplied;
}

Content& Store::intern(ContextState& context, SchemaValue& value, const Guid& guid) {
  raise_max_id(context, static_cast<int>(value.id));
  const auto [first, last] = context.by_id.equal_range(static_cast<int32_t>(value.id));
  for (auto known = first; known != last; ++known) {
    if (known->second->guid == guid) return *known->second;
  }
  auto content = std::make_unique<Content>();
  content->id = value.id;
  content->guid = guid;
  content->text = std::move(value.text);
  content->text.schema.shrink_to_fit();
  if (!value.annotations.empty()) content->annotations = std::make_unique<Annotations>(std::move(value.annotations));
  Content& stored = *content;
  context.by_guid.emplace(guid, &stored);
  context.by_letters.emplace(letters_key(stored.text.schema), &stored);
  context.by_id.emplace(static_cast<int32_t>(value.id), std::move(content));
  index_references(stored, context_of(value.subject), true);
  return stored;
}

void Store::remove_version(const std::string& subject, int version) {
  const auto found = subjects_.find(subject);
  if (found == subjects_.end()) return;
  std::vector<VersionEntry>& versions = found->second.versions;
  const auto place = find_place(versions, version);
  if (place == versions.end() || place->version != version) return;
  Content& content = *place->content;
  versions.erase(place);
  leave(content, subject, version);
  if (versions.empty()) subjects_.erase(found);
}

void Store::delete_versions(const std::string& subject, int up_to) {
  const auto found = subjects_.find(subject);
  if (found == subjects_.end()) return;
  for (VersionEntry& entry : found->second.versions) {
    if (entry.version <= up_to) entry.is_deleted = true;
  }
}

// The content goes with its last place.
void Store::leave(Content& content, const std::string& subject, int version) {
  std::erase_if(content.places,
                [&](const Content::Place& place) { return *place.subject == subject && place.version == version; });
  if (!content.places.empty()) return;
  ContextState& context = context_for(subject);
  index_references(content, context_of(subject), false);
  const auto [guid_first, guid_last] = context.by_guid.equal_range(content.guid);
  context.by_guid.erase(
      std::find_if(guid_first, guid_last, [&](const auto& known) { return known.second == &content; }));
  const auto [letters_first, letters_last] = context.by_letters.equal_range(letters_key(content.text.schema));
  context.by_letters.erase(
      std::find_if(letters_first, letters_last, [&](const auto& known) { return known.second == &content; }));
  const auto [id_first, id_last] = context.by_id.equal_range(static_cast<int32_t>(content.id));
  context.by_id.erase(
      std::find_if(id_first, id_last, [&](const auto& known) { return known.second.get() == &content; }));
}

void Store::index_references(Content& content, std::string_view context, bool add) {
  for (const Reference& reference : content.text.references) {
    const VersionKey key(qualified_subject(context, reference.subject), reference.version);
    std::vector<Content*>& known = referrers_[key];
    std::erase(known, &content);
    if (add) known.push_back(&content);
    if (known.empty()) referrers_.erase(key);
  }
}

// ---- What others wrote under other spellings, and what was refused

void Store::note_spelling(const TopicKey& key, std::string_view bytes, bool is_tombstone) {
  if (bytes == key_text(key)) return;
  if (!is_tombstone) {
    odd_spellings_[key].emplace(bytes);
    return;
  }
  const auto found = odd_spellings_.find(key);
  if (found == odd_spellings_.end()) return;
  found->second.erase(std::string(bytes));
  if (found->second.empty()) odd_spellings_.erase(found);
}

std::vector<std::string> Store::spellings(const TopicKey& key) const {
  std::vector<std::string> spellings = {key_text(key)};
  if (const auto odd = odd_spellings_.find(key); odd != odd_spellings_.end()) {
    spellings.insert(spellings.end(), odd->second.begin(), odd->second.end());
  }
  return spellings;
}

std::optional<TopicRecord> Store::current_record(const TopicKey& key) const {
  switch (key.type) {
    case KeyType::kSchema:
      if (const VersionEntry* entry = find_version(key.subject, key.version)) {
        return schema_record({key.subject, key.version, entry->content->id, entry->content->text,
                              entry->content->all_annotations(), entry->is_deleted});
      }
      break;
    case KeyType::kConfig:
      if (const ConfigValue* value = config(normalized_subject(key.subject))) return config_record(key.subject, *value);
      break;
    case KeyType::kMode:
      if (const Mode* value = mode(normalized_subject(key.subject))) return mode_record(key.subject, *value);
      break;
    case KeyType::kContext:
      if (contexts_.contains(context_from_name(key.subject))) return context_record(key.subject);
      break;
    case KeyType::kNoop: return leader_record(leader_value({}));
    default: break;
  }
  return std::nullopt;
}

std::vector<TopicRecord> Store::repairs() const {
  std::vector<TopicRecord> records;
  for (const TopicKey& key : refused_) {
    records.push_back(current_record(key).value_or(tombstone(key)));
    if (key.type != KeyType::kDeleteSubject) continue;
    // It may have replaced one that counted, by which versions were deleted: each says so itself from now on.
    const Subject* subject = find_subject(key.subject);
    if (subject == nullptr) continue;
    for (const VersionEntry& entry : subject->versions) {
      if (entry.is_deleted) records.push_back(*current_record({KeyType::kSchema, key.subject, entry.version}));
    }
  }
  return records;
}

}  // namespace omashu::schema_registry::server

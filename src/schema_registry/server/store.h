// What a registry knows: the state that the records of _schemas add up to. A state machine without clock or socket: it
// takes records in the order of their offsets, and answers questions. Not thread-safe (shared_store.h is).
//
// The topic alone decides. A record counts only if
//   - it is of the leadership in force: each leader begins with a NOOP that names its term, and marks its records
//     with it (kTermHeader). What a deposed leader still had on its way lands behind the next one's NOOP and is
//     refused, by every registry that reads it, so nobody ever writes on knowledge that is out of date. Records without
//     a mark are other registries', and count;
//   - its id does not stand for another schema already.
// A refused record still hides the one that it replaced from a compaction, so the leader writes repairs() behind it.
//
// Memory per schema: its text, and some 650 bytes.

#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schema_registry/server/guid.h"
#include "schema_registry/server/schemas_topic.h"

namespace omashu::schema_registry::server {

// A schema under an id of a context, and where it is registered.
struct Content {
  struct Place {
    const std::string* subject;
    int version;
  };

  SchemaId id{};
  Guid guid;
  SchemaText text;
  std::unique_ptr<Annotations> annotations;  // null where there are none, which is nearly always
  std::vector<Place> places;                 // in the order of registration; deleted ones too

  // Whether the text is known to be as Avro Java writes it; found out when somebody looks for another spelling of it.
  mutable std::atomic<bool> is_properly_spelled = false;

  const Annotations& all_annotations() const;
};

struct VersionEntry {
  int version = 0;
  bool is_deleted = false;
  Content* content = nullptr;
  int64_t timestamp_ms = 0;  // of the record that says it
};

struct Subject {
  std::vector<VersionEntry> versions;  // ascending; never empty
  int64_t newest_offset = 0;           // of the record that brought the newest version

  const VersionEntry* find(int version) const;  // deleted ones too; null where there is none
  const VersionEntry* latest() const;           // of those that are not deleted
  bool has(bool deleted_too) const { return deleted_too || latest() != nullptr; }
};

// A record of the topic as it comes.
struct IncomingRecord {
  int64_t offset = 0;
  std::string_view key;
  std::optional<std::string_view> value;
  std::string_view term;  // of kTermHeader; "" where there is none
  int64_t timestamp_ms = 0;
  int64_t given_ids = 0;  // of kGivenIdsHeader
};

// The same of two texts that have the same bytes in another order.
uint64_t letters_key(std::string_view text);

// From `first` on, and before `end`.
struct UnreadableOffsets {
  int64_t first = 0;
  int64_t end = 0;
};

class Store {
 public:
  enum class Outcome : uint8_t {
    kApplied,
    kPassedOver,  // of a kind that this server does not know, or not to be understood
    kRefused,     // see above
  };

  // Offsets must grow.
  Outcome apply(const IncomingRecord& record);

  // The offset behind the last record.
  int64_t next_offset() const { return next_offset_; }

  const LeaderValue& leader() const { return leader_; }

  // Of a record that was applied lately: one of the last kRememberedRefusals that were refused.
  bool was_refused(int64_t offset) const { return refused_offsets_.contains(offset); }

  // What the leader must write so that the topic, compacted, still says what this store knows.
  std::vector<TopicRecord> repairs() const;
  bool needs_repair() const { return !refused_.empty(); }

  // ---- Damage (store_damage.cc)

  // That nothing could be read at these offsets, where there were records.
  void note_unreadable(int64_t first, int64_t end);
  const std::vector<UnreadableOffsets>& unreadable() const { return unreadable_; }
  // To be called when the topic has been read to its end: notes ids that are neither there nor accounted for.
  void check_ids();
  // Whether something was lost that no repair has dealt with. Nothing may be written then: what would be decided on
  // such a state could give an id out again.
  bool is_damaged() const;
  std::string describe_damage() const;

  // What the leader's record has to say now; `leaving` (by context) are the ids that are about to be deleted for good.
  // Ids that were given to schemas of which nothing is left count as missing, in whichever context they were given.
  LeaderValue leader_value(const std::map<std::string, IdRanges>& leaving) const;
  // What it has to say so that the damage counts as dealt with, and no id that may have been given is given again.
  LeaderValue repaired_value(const Term& term, int64_t log_end) const;
  // The highest version of a subject that may have been given; 0 for none.
  int64_t highest_given_version(const std::string& subject) const;

  // ---- Schemas

  // By id: the first where an import gave two spellings one id. Null where there is none.
  const Content* find(std::string_view context, SchemaId id) const;
  const Content* find(std::string_view context, const Guid& guid) const;
  // With such a text (letters_key).
  std::vector<const Content*> with_letters(std::string_view context, uint64_t key) const;
  int max_id(std::string_view context) const;       // ever given; 0 for none
  int64_t given_ids() const { return given_ids_; }  // the highest of each context, added up
  std::map<std::string, int> max_ids() const;       // by context

  const Subject* find_subject(std::string_view subject) const;
  const VersionEntry* find_version(std::string_view subject, int version) const;
  const std::map<std::string, Subject, std::less<>>& subjects() const { return subjects_; }

  // Contents that refer to the version, each once.
  std::span<Content* const> referrers(const std::string& subject, int version) const;
  bool is_live(const Content& content) const;  // registered somewhere, and not deleted there

  // All but the default one, as ":.name:".
  const std::set<std::string, std::less<>>& contexts() const { return contexts_; }

  // ---- Settings of a subject, of a context (":.name:"), or of all ("")

  const ConfigValue* config(std::string_view scope) const;
  const Mode* mode(std::string_view scope) const;
  const std::map<std::string, Mode, std::less<>>& modes() const { return modes_; }

  // What holds for a subject: its own, its context's, that of all contexts, the default.
  ConfigValue config_in_force(std::string_view subject) const;  // with a level; without an alias

  // The subject that is meant by a name: that of its alias, where it has one.
  std::string subject_meant_by(std::string_view name) const;
  Mode mode_in_force(std::string_view subject) const;

  // ---- For whoever writes

  // A key under all spellings that records of the topic have given it, the proper one first: what removes it for good
  // is a tombstone for each.
  std::vector<std::string> spellings(const TopicKey& key) const;

 private:
  struct ContextState {
    std::unordered_multimap<int32_t, std::unique_ptr<Content>> by_id;
    std::unordered_multimap<Guid, Content*, GuidHash> by_guid;
    std::unordered_multimap<uint64_t, Content*> by_letters;
    int max_id = 0;
    int64_t unseen_offsets_at_max_id = 0;  // unseen_offsets_ when max_id was learnt
  };
  struct TransparentHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using VersionKey = std::pair<std::string, int>;  // subject, version

  bool enters_term(const Term& term);
  Outcome apply_parsed(ParsedRecord& record, int64_t timestamp_ms);
  Outcome apply_schema(SchemaValue& value, int64_t timestamp_ms);
  static IdRanges absent_ids(const ContextState& context);
  int highest_referenced_version(const std::string& subject) const;
  void raise_max_id(ContextState& context, int id);
  void remove_version(const std::string& subject, int version);
  void delete_versions(const std::string& subject, int up_to);
  Outcome apply_leader(const LeaderValue& value);
  template <class Value>
  static void set(std::map<std::string, Value, std::less<>>& all, const std::string& scope, const TopicValue& value);

  ContextState& context_for(const std::string& subject);
  const ContextState* find_context(std::string_view context) const;
  Content& intern(ContextState& context, SchemaValue& value, const Guid& guid);
  void leave(Content& content, const std::string& subject, int version);
  void index_references(Content& content, std::string_view context, bool add);
  void note_spelling(const TopicKey& key, std::string_view bytes, bool is_tombstone);
  std::optional<TopicRecord> current_record(const TopicKey& key) const;

  int64_t next_offset_ = 0;
  int64_t given_ids_ = 0;
  int64_t told_given_ids_ = 0;  // that the records' marks speak of; more than given_ids_ where the newest are lost
  int64_t unseen_offsets_ = 0;  // below next_offset_, at which no record came: compacted, or lost
  LeaderValue leader_;
  std::vector<UnreadableOffsets> unreadable_;
  std::map<std::string, IdRanges> lost_ids_;  // by context

  std::map<std::string, Subject, std::less<>> subjects_;
  std::unordered_map<std::string, ContextState, TransparentHash, std::equal_to<>> by_context_;  // by ":.name:", ""
  std::set<std::string, std::less<>> contexts_;
  std::map<VersionKey, std::vector<Content*>> referrers_;

  std::map<std::string, ConfigValue, std::less<>> configs_;
  std::map<std::string, Mode, std::less<>> modes_;

  std::map<TopicKey, std::set<std::string>> odd_spellings_;
  static constexpr size_t kRememberedRefusals = 1000;
  std::set<TopicKey> refused_;  // keys whose last record was refused
  std::set<int64_t> refused_offsets_;
};

}  // namespace omashu::schema_registry::server

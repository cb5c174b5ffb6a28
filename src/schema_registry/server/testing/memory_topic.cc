#include "schema_registry/server/testing/memory_topic.h"

#include <fmt/core.h>

#include <set>

#include "schema_registry/server/answer_json.h"
#include "schema_registry/server/settings.h"

namespace omashu::schema_registry::server::testing {

namespace {

IncomingRecord incoming(const MemoryTopic::Entry& entry) {
  return {entry.offset, entry.record.key, entry.record.value, entry.term};
}

}  // namespace

Store::Outcome MemoryTopic::append(TopicRecord record, const std::string& term) {
  log_.push_back({next_offset_++, std::move(record), term});
  return store_.apply(incoming(log_.back()));
}

void MemoryTopic::append_all(const std::vector<TopicRecord>& records, const std::string& term) {
  for (const TopicRecord& record : records) append(record, term);
}

void MemoryTopic::lead(const std::string& term, const std::string& url) {
  LeaderValue value = store_.leader_value({});
  value.term = parse_term(term).value();
  value.url = url;
  append(leader_record(value), term);
}

std::string MemoryTopic::write(const Answer<Decision>& decision, const std::string& term) {
  if (!decision) return std::to_string(decision.error().code);
  append_all(decision->records, term);
  return decision->answer;
}

void MemoryTopic::compact() {
  std::set<std::string> seen;
  std::vector<Entry> kept;
  for (auto entry = log_.rbegin(); entry != log_.rend(); ++entry) {
    if (!seen.insert(entry->record.key).second || !entry->record.value) continue;
    kept.push_back(*entry);
  }
  log_.assign(kept.rbegin(), kept.rend());
}

Store MemoryTopic::read_again() const {
  Store store;
  for (const Entry& entry : log_) store.apply(incoming(entry));
  return store;
}

MemoryTopic MemoryTopic::restarted() const {
  MemoryTopic topic;
  topic.log_ = log_;
  topic.next_offset_ = next_offset_;
  topic.store_ = read_again();
  return topic;
}

std::string describe(const Store& store) {
  std::string text;
  for (const auto& [name, subject] : store.subjects()) {
    for (const VersionEntry& entry : subject.versions) {
      const SchemaPlace place = {.subject = name, .version = entry.version, .id = entry.content->id};
      text += schema_json(place, *entry.content, true) + (entry.is_deleted ? " deleted\n" : "\n");
    }
    if (store.config(name) != nullptr) text += name + " config " + config_json(*store.config(name)) + "\n";
    if (store.mode(name) != nullptr) text += name + " mode " + mode_json(*store.mode(name)) + "\n";
  }
  for (const std::string& context : store.contexts()) text += context + "\n";
  for (const auto& [context, id] : store.max_ids()) {
    if (id > 0) text += fmt::format("{} up to {}\n", context, id);
  }
  text += config_json(store.config_in_force("")) + mode_json(store.mode_in_force(""));
  return text;
}

}  // namespace omashu::schema_registry::server::testing

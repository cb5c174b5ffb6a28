#include "sink/dynamodb/writes.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace omashu::sink::dynamodb {

LatestWrites::LatestWrites(std::string table, const ItemOptions& options, bool deletes, std::vector<MappedItem> items)
    : table_(std::move(table)), options_(options), deletes_(deletes), items_(std::move(items)) {
  // Records of one key in two partitions are both sent: which of them is the newer one is for the guard to say.
  std::unordered_map<std::string, size_t> by_key;
  for (size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i].item;
    const auto [found, is_new] = by_key.emplace(
        item.key + '/' + std::to_string(item.position.partition) + '/' + item.position.topic, groups_.size());
    if (is_new) {
      groups_.emplace_back();
      pending_.push_back(found->second);
    }
    groups_[found->second].push_back(i);
  }
}

std::optional<std::pair<size_t, Statement>> LatestWrites::next() {
  if (pending_.empty()) return std::nullopt;
  const size_t group = pending_.front();
  pending_.pop_front();
  const Item& item = items_[groups_[group].back()].item;
  return std::pair(group, item.is_tombstone && deletes_ ? guarded_delete(table_, options_, item)
                                                        : guarded_put(table_, options_, item));
}

void LatestWrites::on_answer(size_t number, Answer answer) {
  if (answer.verdict == Verdict::kOlder) ++older_;
  if (answer.verdict != Verdict::kRefused) return;
  std::vector<size_t>& group = groups_[number];
  rejected_.push_back({items_[group.back()].index, std::move(answer.error)});
  group.pop_back();
  if (!group.empty()) pending_.push_back(number);
}

HistoryWrites::HistoryWrites(std::string table, const TableKey& key, std::vector<MappedItem> items)
    : table_(std::move(table)), hash_(key.hash.name), sort_(key.sort ? key.sort->name : ""), items_(std::move(items)) {
  // DynamoDB refuses a batch that names an item twice: the last record is what would be there in the end.
  std::unordered_map<std::string_view, size_t> last;
  for (size_t i = 0; i < items_.size(); ++i) last[items_[i].item.key] = i;
  size_t bytes = 0;
  for (size_t i = 0; i < items_.size(); ++i) {
    if (last[items_[i].item.key] != i) continue;
    const size_t item_bytes = items_[i].item.attributes.size();
    if (chunks_.empty() || chunks_.back().size() == kMaxBatchItems || bytes + item_bytes > kMaxBatchBytes) {
      pending_.push_back(chunks_.size());
      chunks_.emplace_back();
      bytes = 0;
    }
    chunks_.back().push_back(i);
    bytes += item_bytes;
  }
}

Statement HistoryWrites::statement(const std::vector<size_t>& chunk) const {
  if (chunk.size() == 1) return put(table_, items_[chunk[0]].item);
  std::vector<const Item*> items;
  for (const size_t i : chunk) items.push_back(&items_[i].item);
  return batch_put(table_, items);
}

std::optional<std::pair<size_t, Statement>> HistoryWrites::next() {
  if (pending_.empty()) return std::nullopt;
  const size_t chunk = pending_.front();
  pending_.pop_front();
  return std::pair(chunk, statement(chunks_[chunk]));
}

std::vector<size_t> HistoryWrites::unprocessed(const std::vector<size_t>& chunk, const Answer& answer) const {
  const Result<UnprocessedItems> told = parse_unprocessed(answer.body, table_, hash_, sort_);
  if (told && told->count == 0) return {};
  if (!told || told->count >= chunk.size()) return chunk;
  const std::set<std::string> keys(told->keys.begin(), told->keys.end());
  std::vector<size_t> rest;
  for (const size_t i : chunk) {
    const Result<std::string> key = key_of_members(items_[i].item.key, hash_, sort_);
    if (!key || keys.contains(*key)) rest.push_back(i);
  }
  // Writing an item again changes nothing; one that is not found again would be lost.
  return rest.size() == keys.size() ? rest : chunk;
}

std::optional<Statement> HistoryWrites::remaining(size_t number, const Answer& answer) {
  std::vector<size_t>& chunk = chunks_[number];
  if (chunk.size() == 1) return std::nullopt;  // a PutItem
  std::vector<size_t> rest = unprocessed(chunk, answer);
  if (rest.empty()) return std::nullopt;
  chunk = std::move(rest);
  return statement(chunk);
}

void HistoryWrites::on_answer(size_t number, Answer answer) {
  if (answer.verdict != Verdict::kRefused) return;
  const std::vector<size_t> chunk = chunks_[number];
  if (chunk.size() == 1) {
    rejected_.push_back({items_[chunk[0]].index, std::move(answer.error)});
    return;
  }
  // One of them is wrong, and which one is found by sending each alone.
  for (const size_t i : chunk) {
    pending_.push_back(chunks_.size());
    chunks_.push_back({i});
  }
}

}  // namespace omashu::sink::dynamodb

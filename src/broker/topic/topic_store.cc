#include "broker/topic/topic_store.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace omashu::broker {
namespace {

constexpr std::string_view kTopicFile = "topics.json";
constexpr uint64_t kMostTopicFileBytes = 256 << 20;

TopicEntry entry_of(const Topic& topic) {
  return {topic.name, topic.id, static_cast<int32_t>(topic.partitions.size()), topic.configs};
}

std::string log_folder(const std::string& folder, std::string_view topic, int32_t partition) {
  return fmt::format("{}/{}-{}", folder, topic, partition);
}

}  // namespace

Result<std::unique_ptr<TopicStore>> TopicStore::open(OpenFiles& files, std::string folder) {
  std::unique_ptr<TopicStore> store(new TopicStore(files, std::move(folder)));
  if (auto loaded = store->load(); !loaded) return fail(std::move(loaded).error());
  return store;
}

Result<void> TopicStore::load() {
  const std::string path = fmt::format("{}/{}", folder_, kTopicFile);
  const auto text = files_.file_system().read_file(path, kMostTopicFileBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    cluster_id_ = id_text(random_id());
    is_written_ = false;  // until the first topic, or the end: a start waits for no disk
    return {};
  }
  if (!text) return fail(text.error());
  auto file = parse_topic_file(*text);
  if (!file) return fail(std::move(file).error().within(path));
  cluster_id_ = std::move(file->cluster_id);
  for (TopicEntry& entry : file->topics) {
    auto topic = std::make_shared<Topic>(Topic{entry.name, entry.id, std::move(entry.configs), {}});
    add_partitions_up_to(*topic, entry.partitions);
    topics_.emplace(entry.name, std::move(topic));
  }
  for (const TopicEntry& gone : file->removing) {
    if (auto done = remove_folders(gone); !done) return done;
  }
  return {};
}

void TopicStore::add_partitions_up_to(Topic& topic, int32_t total) {
  const LogConfig config = log_config_of(topic.configs);
  for (auto index = static_cast<int32_t>(topic.partitions.size()); index < total; ++index) {
    auto log = std::make_shared<PartitionLog>(files_, log_folder(folder_, topic.name, index), topic.id, config);
    topic.partitions.push_back(std::make_shared<Partition>(topic.name, index, std::move(log)));
  }
}

TopicPtr TopicStore::find_colliding(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : found->second;
}

TopicPtr TopicStore::find(std::string_view name) const {
  TopicPtr topic = find_colliding(name);
  return topic != nullptr && topic->name == name ? topic : nullptr;
}

TopicPtr TopicStore::find(const TopicId& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = std::ranges::find_if(topics_, [&](const auto& entry) { return entry.second->id == id; });
  return found == topics_.end() ? nullptr : found->second;
}

TopicStore::Topics TopicStore::current() const {
  const std::shared_lock lock(mutex_);
  return topics_;
}

std::vector<TopicPtr> TopicStore::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<TopicPtr> topics;
  for (const auto& [name, topic] : topics_) topics.push_back(topic);
  return topics;
}

Result<void> TopicStore::publish(Topics topics) {
  TopicFile file{.cluster_id = cluster_id_, .topics = {}, .removing = removing_};
  for (const auto& [name, topic] : topics) file.topics.push_back(entry_of(*topic));
  auto written = files_.file_system().replace_file(fmt::format("{}/{}", folder_, kTopicFile), topic_file_text(file));
  if (!written) return written;
  if (!is_written_) {
    // The folder may be as new as the file. Who may not read the one around it has not made it.
    auto synced = files_.file_system().sync_folder(folder_of(folder_));
    if (!synced && synced.error().code != ErrorCode::kUnauthorized) return synced;
    is_written_ = true;
  }
  const std::unique_lock lock(mutex_);
  topics_.swap(topics);
  return {};
}

Result<std::vector<TopicPtr>> TopicStore::create(std::vector<NewTopic> wanted) {
  const std::lock_guard change_lock(change_mutex_);
  Topics topics = current();
  std::vector<TopicPtr> created;
  for (NewTopic& topic : wanted) {
    auto made = std::make_shared<Topic>(Topic{topic.name, random_id(), std::move(topic.configs), {}});
    add_partitions_up_to(*made, topic.partitions);
    const bool is_new = topics.emplace(std::move(topic.name), made).second;
    created.push_back(is_new ? std::move(made) : nullptr);
  }
  if (auto done = publish(std::move(topics)); !done) return fail(std::move(done).error());
  return created;
}

Result<size_t> TopicStore::remove(std::span<const std::string_view> names) {
  const std::lock_guard change_lock(change_mutex_);
  Topics topics = current();
  std::vector<TopicPtr> removed;
  for (const std::string_view name : names) {
    const auto found = topics.find(name);
    if (found == topics.end() || found->first != name) continue;
    removed.push_back(std::move(found->second));
    topics.erase(found);
    removing_.push_back(entry_of(*removed.back()));
  }
  if (removed.empty()) return 0;
  if (auto done = publish(std::move(topics)); !done) {
    removing_.resize(removing_.size() - removed.size());
    return fail(std::move(done).error());
  }
  // What fails from here on is done at the next start: the topics are gone.
  for (const TopicPtr& topic : removed) {
    for (const auto& partition : topic->partitions) {
      partition->log()->retire();
      partition->tell_listeners();
    }
    if (remove_folders(entry_of(*topic))) {
      std::erase_if(removing_, [&](const TopicEntry& entry) { return entry.id == topic->id; });
    }
  }
  return removed.size();
}

Result<void> TopicStore::remove_folders(const TopicEntry& topic) {
  FileSystem& file_system = files_.file_system();
  for (int32_t index = 0; index < topic.partitions; ++index) {
    const std::string folder = log_folder(folder_, topic.name, index);
    const auto found = file_system.list(folder);
    if (!found && found.error().code == ErrorCode::kNotFound) continue;
    if (!found) return fail(found.error());
    for (const FileInfo& file : *found) {
      if (auto done = file_system.remove_file(fmt::format("{}/{}", folder, file.name)); !done) return done;
    }
    if (auto done = file_system.remove_folder(folder); !done) return done;
  }
  return {};
}

Result<void> TopicStore::change(std::span<const std::string_view> names, const Reshape& reshape) {
  const std::lock_guard change_lock(change_mutex_);
  Topics topics = current();
  std::vector<TopicPtr> changed;
  for (size_t i = 0; i < names.size(); ++i) {
    const auto found = topics.find(names[i]);
    const bool is_there = found != topics.end() && found->first == names[i];
    auto shape = reshape(i, is_there ? found->second.get() : nullptr);
    if (!shape || !is_there) continue;
    auto topic = std::make_shared<Topic>(*found->second);
    topic->configs = std::move(shape->configs);
    add_partitions_up_to(*topic, shape->partitions);
    found->second = topic;
    changed.push_back(std::move(topic));
  }
  if (changed.empty()) return {};
  if (auto done = publish(std::move(topics)); !done) return done;
  for (const TopicPtr& topic : changed) {
    const LogConfig config = log_config_of(topic->configs);
    for (const auto& partition : topic->partitions) partition->log()->set_config(config);
  }
  return {};
}

Result<void> TopicStore::close() {
  const std::lock_guard change_lock(change_mutex_);
  Result<void> result = is_written_ ? Result<void>() : publish({});
  for (const TopicPtr& topic : all()) {
    for (const auto& partition : topic->partitions) {
      auto closed = partition->log()->close();
      if (!closed && result) result = std::move(closed);
    }
  }
  return result;
}

}  // namespace omashu::broker

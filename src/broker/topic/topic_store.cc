#include "broker/topic/topic_store.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "broker/log/log_files.h"
#include "broker/log/partition_metadata.h"

namespace omashu::broker {
namespace {

constexpr std::string_view kTopicFile = "topics.json";
constexpr uint64_t kMaxTopicFileBytes = 256 << 20;
constexpr uint64_t kMaxMetadataBytes = 4096;

TopicEntry entry_of(const Topic& topic) {
  return {topic.name, topic.id, static_cast<int32_t>(topic.partitions.size()), topic.configs};
}

std::string log_folder(const std::string& folder, std::string_view topic, PartitionId partition) {
  return fmt::format("{}/{}-{}", folder, topic, partition);
}

// Whether a folder in the data folder is that of a partition, of whatever topic.
bool is_partition_folder(FileSystem& file_system, const std::string& data_folder, std::string_view name) {
  const size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || topic_name_problem(name.substr(0, dash))) return false;
  const auto files = file_system.list(fmt::format("{}/{}", data_folder, name));
  return files && std::ranges::any_of(*files, [](const FileInfo& file) {
           return file.name == kPartitionMetadataFile || parse_log_file_name(file.name);
         });
}

}  // namespace

Result<std::unique_ptr<TopicStore>> TopicStore::open(OpenFiles& files, std::string folder, TopicConfigs broker_defaults,
                                                     LogReport report) {
  std::unique_ptr<TopicStore> store(new TopicStore(files, std::move(folder), std::move(report)));
  store->set_broker_defaults(std::move(broker_defaults));
  if (auto loaded = store->load(); !loaded) return fail(std::move(loaded).error());
  return store;
}

Result<void> TopicStore::load() {
  const MutexLock change_lock(change_mutex_);
  const auto folders = files_.file_system().list_folders(folder_);
  if (!folders) return fail(folders.error());
  const std::string path = fmt::format("{}/{}", folder_, kTopicFile);
  const auto text = files_.file_system().read_file(path, kMaxTopicFileBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) return begin_without_file(*folders);
  if (!text) return fail(text.error());
  auto file = parse_topic_file(*text);
  if (!file) {
    Error error = std::move(file).error().within(fmt::format("{} is damaged", path));
    error.message += ": restore it from a copy";
    return fail(std::move(error));
  }
  cluster_id_ = std::move(file->cluster_id);
  {
    const WriterLock lock(mutex_);
    for (TopicEntry& entry : file->topics) {
      auto topic = std::make_shared<Topic>(Topic{entry.name, entry.id, std::move(entry.configs), {}});
      add_partitions_up_to(*topic, entry.partitions);
      topics_.emplace(entry.name, std::move(topic));
    }
  }
  removing_ = std::move(file->removing);
  has_broker_configs_ = file->has_broker_configs;
  for (const std::string& name : *folders) {
    if (is_deleted_folder_name(name)) deleted_folders_.add(name);
  }
  std::vector<std::string> names;
  for (const TopicEntry& entry : removing_) names.push_back(entry.name);
  for (const std::string& name : names) (void)move_deleted(name);  // remove_deleted_folders() tries again and tells
  return {};
}

// Starting without topics would give out the names, and with them the offsets, of the partitions that are there.
Result<void> TopicStore::begin_without_file(std::span<const std::string> folders) {
  for (const std::string& name : folders) {
    if (!is_partition_folder(files_.file_system(), folder_, name)) continue;
    return fail(ErrorCode::kCorrupt,
                fmt::format("{}/{} is not there, but partitions are, as {}: restore the file from a copy, or move the "
                            "partitions' folders away to begin without them",
                            folder_, kTopicFile, name));
  }
  cluster_id_ = id_text(random_id());
  is_written_ = false;  // until the first topic, or the end: a start waits for no disk
  return {};
}

bool TopicStore::has_broker_configs() const {
  const MutexLock change_lock(change_mutex_);
  return has_broker_configs_;
}

Result<void> TopicStore::note_broker_configs() {
  const MutexLock change_lock(change_mutex_);
  if (has_broker_configs_) return {};
  has_broker_configs_ = true;
  auto written = publish(current());
  if (written) return sync_file();
  has_broker_configs_ = false;
  return written;
}

void TopicStore::add_partitions_up_to(Topic& topic, int32_t total) {
  const LogConfig config = log_config_of(topic.configs, broker_defaults_);
  for (PartitionId index{static_cast<int32_t>(topic.partitions.size())}; index < PartitionId{total}; ++index) {
    auto log =
        std::make_shared<PartitionLog>(files_, log_folder(folder_, topic.name, index), topic.id, config, report_);
    topic.partitions.push_back(std::make_shared<Partition>(topic.name, index, std::move(log)));
  }
}

TopicPtr TopicStore::find_colliding(std::string_view name) const {
  const ReaderLock lock(mutex_);
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : found->second;
}

TopicPtr TopicStore::find(std::string_view name) const {
  TopicPtr topic = find_colliding(name);
  return topic != nullptr && topic->name == name ? topic : nullptr;
}

TopicPtr TopicStore::find(const TopicId& id) const {
  const ReaderLock lock(mutex_);
  const auto found = std::ranges::find_if(topics_, [&](const auto& entry) { return entry.second->id == id; });
  return found == topics_.end() ? nullptr : found->second;
}

TopicStore::Topics TopicStore::current() const {
  const ReaderLock lock(mutex_);
  return topics_;
}

std::vector<TopicPtr> TopicStore::all() const {
  const ReaderLock lock(mutex_);
  std::vector<TopicPtr> topics;
  for (const auto& [name, topic] : topics_) topics.push_back(topic);
  return topics;
}

Result<void> TopicStore::publish(Topics topics) {
  TopicFile file{
      .cluster_id = cluster_id_, .topics = {}, .removing = removing_, .has_broker_configs = has_broker_configs_};
  for (const auto& [name, topic] : topics) file.topics.push_back(entry_of(*topic));
  const std::string path = fmt::format("{}/{}", folder_, kTopicFile);
  if (auto written = files_.file_system().rename_into_place(path, topic_file_text(file)); !written) return written;
  const WriterLock lock(mutex_);
  topics_.swap(topics);
  return {};
}

Result<void> TopicStore::sync_file() {
  if (auto synced = files_.file_system().sync_folder(folder_); !synced || is_written_) return synced;
  // The folder may be as new as the file. EACCES on its parent means that another user made it, so that its entry is
  // on the disk already.
  auto synced = files_.file_system().sync_folder(folder_of(folder_));
  if (!synced && synced.error().code != ErrorCode::kUnauthorized) return synced;
  is_written_ = true;
  return {};
}

bool TopicStore::is_any_retiring(const std::vector<NewTopic>& topics) const {
  return std::ranges::any_of(
      topics, [&](const NewTopic& topic) REQUIRES(change_mutex_) { return retiring_.contains(topic.name); });
}

Result<std::vector<Result<TopicPtr>>> TopicStore::create(std::vector<NewTopic> wanted) {
  MutexLock change_lock(change_mutex_);
  while (is_any_retiring(wanted)) retired_.wait(change_lock);
  Topics topics = current();
  std::vector<Result<TopicPtr>> created;
  for (NewTopic& topic : wanted) {
    if (auto moved = move_deleted(topic.name); !moved) {
      created.push_back(fail(std::move(moved.error()).within(fmt::format("the deleted topic '{}'", topic.name))));
      continue;
    }
    auto made = std::make_shared<Topic>(Topic{topic.name, random_id(), std::move(topic.configs), {}});
    add_partitions_up_to(*made, topic.partitions);
    const bool is_new = topics.emplace(std::move(topic.name), made).second;
    created.push_back(is_new ? std::move(made) : nullptr);
  }
  if (auto done = publish(std::move(topics)); !done) return fail(std::move(done).error());
  if (auto done = sync_file(); !done) return fail(std::move(done).error());
  return created;
}

Result<size_t> TopicStore::remove(std::span<const std::string_view> names) {
  std::vector<TopicPtr> removed;
  Result<void> synced;
  {
    const MutexLock change_lock(change_mutex_);
    Topics topics = current();
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
    synced = sync_file();
    for (const TopicPtr& topic : removed) retiring_.insert(topic->name);
  }
  // The topics are gone, whatever fails from here on: it is tried again later.
  for (const TopicPtr& topic : removed) {
    for (const auto& partition : topic->partitions) partition->log()->interrupt();
  }
  for (const TopicPtr& topic : removed) {
    for (const auto& partition : topic->partitions) {
      partition->log()->retire();
      partition->tell_that_topic_is_deleted();
    }
  }
  {
    const MutexLock change_lock(change_mutex_);
    for (const TopicPtr& topic : removed) {
      retiring_.erase(topic->name);
      (void)move_deleted(topic->name);
    }
  }
  retired_.notify_all();
  if (!synced) return fail(std::move(synced).error());
  return removed.size();
}

// Renames the folders of the topics that had this name, and forgets those of which none is left. What has been renamed
// comes to the disk together with the next topic, since the file lies in the same folder.
Result<void> TopicStore::move_deleted(std::string_view name) {
  Result<void> result;
  std::erase_if(removing_, [&](const TopicEntry& deleted) REQUIRES(change_mutex_) {
    if (deleted.name != name) return false;
    auto moved = move_folders_of(deleted);
    if (moved) return true;
    if (result) result = std::move(moved);
    return false;
  });
  return result;
}

Result<void> TopicStore::move_folders_of(const TopicEntry& deleted) {
  FileSystem& file_system = files_.file_system();
  const TopicPtr successor = find(deleted.name);
  for (PartitionId index{0}; index < PartitionId{deleted.partitions}; ++index) {
    const std::string folder = log_folder(folder_, deleted.name, index);
    const auto text = file_system.read_file(fmt::format("{}/{}", folder, kPartitionMetadataFile), kMaxMetadataBytes);
    if (!text && text.error().code == ErrorCode::kUnavailable) return fail(text.error());
    // A folder that does not tell whose it is belongs to the topic that is there, if there is one.
    const auto metadata = text ? parse_partition_metadata(*text) : std::nullopt;
    const bool has_successor = successor != nullptr && static_cast<size_t>(index) < successor->partitions.size();
    if (metadata ? metadata->topic_id != deleted.id : has_successor) continue;
    const std::string name = deleted_folder_name(deleted.id, index);
    auto renamed = file_system.rename(folder, fmt::format("{}/{}", folder_, name));
    if (renamed) {
      deleted_folders_.add(name);
    } else if (renamed.error().code != ErrorCode::kNotFound) {
      return renamed;
    }
  }
  return {};
}

Result<void> TopicStore::remove_deleted_folders(const std::function<bool()>& is_stopping) {
  Result<void> moved;
  {
    const MutexLock change_lock(change_mutex_);
    std::vector<std::string> names;
    for (const TopicEntry& entry : removing_) {
      if (!retiring_.contains(entry.name)) names.push_back(entry.name);
    }
    for (const std::string& name : names) {
      if (auto done = move_deleted(name); !done && moved) moved = std::move(done);
    }
  }
  auto removed = deleted_folders_.remove_all(is_stopping);
  return moved ? removed : moved;
}

Result<void> TopicStore::change(std::span<const std::string_view> names, const Reshape& reshape) {
  const MutexLock change_lock(change_mutex_);
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
    const LogConfig config = log_config_of(topic->configs, broker_defaults_);
    for (const auto& partition : topic->partitions) partition->log()->set_config(config);
  }
  return sync_file();
}

void TopicStore::set_broker_defaults(TopicConfigs broker_defaults) {
  const MutexLock change_lock(change_mutex_);
  if (broker_defaults == broker_defaults_) return;
  broker_defaults_ = std::move(broker_defaults);
  for (const TopicPtr& topic : all()) {
    const LogConfig config = log_config_of(topic->configs, broker_defaults_);
    for (const auto& partition : topic->partitions) partition->log()->set_config(config);
  }
}

Result<void> TopicStore::close() {
  const MutexLock change_lock(change_mutex_);
  Result<void> result;
  if (!is_written_) {
    result = publish(current());
    if (result) result = sync_file();
  }
  for (const TopicPtr& topic : all()) {
    for (const auto& partition : topic->partitions) {
      auto closed = partition->log()->close();
      if (!closed && result) result = std::move(closed);
    }
  }
  return result;
}

}  // namespace omashu::broker

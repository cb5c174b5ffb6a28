#include "cli/tables/transition_check.h"

#include <utility>

#include "table/key_partitions.h"
#include "table/stored_value.h"

namespace omashu::cli {

Result<TransitionCheck> TransitionCheck::open(Context& context, Cluster& cluster, const std::string& topic,
                                              const std::optional<std::string>& key) {
  auto loader = TableLoader::open(context, cluster, topic);
  if (!loader) return fail(std::move(loader.error()));
  if (const auto& mistake = loader->topic().transitions_mistake()) {
    return fail(Error(*mistake).within("the value's schema of " + topic));
  }
  TransitionCheck check(*std::move(loader));
  if (check.loader_.topic().transitions().is_empty()) return check;
  check.table_ = std::make_unique<table::LatestTable>();
  if (auto loaded = check.load(key); !loaded) return fail(std::move(loaded.error()));
  return check;
}

Result<void> TransitionCheck::load(const std::optional<std::string>& key_text) {
  if (!key_text) return loader_.load(*table_, {});
  const auto key = loader_.topic().key_from_text(*key_text);
  if (!key) return fail(key.error());
  const auto encodings = loader_.topic().every_key_encoding(*key);
  if (!encodings) return fail(encodings.error());
  const auto logical_key = loader_.topic().logical_key(encodings->front());
  if (!logical_key) return fail(logical_key.error());
  const auto likely = table::partitions_of_key(*encodings, loader_.partition_count());
  if (auto loaded = loader_.load(*table_, {.key = *logical_key}, likely); !loaded) return loaded;
  if (table_->size() != 0 || static_cast<int>(likely.size()) == loader_.partition_count()) return {};
  return loader_.load(*table_, {.key = *logical_key});
}

Result<void> TransitionCheck::check_next(const std::string& key_bytes, std::string_view value_bytes) {
  if (!table_) return {};
  const auto key = loader_.topic().logical_key(key_bytes);
  if (!key) return fail(key.error());
  std::optional<table::StoredValue> before;
  if (const auto written = written_.find(*key); written != written_.end()) {
    before = table::read_stored_value(written->second);
  } else if (const auto row = table_->find(*key); row && row->value) {
    before = table::read_stored_value(*row->value);
  }
  const table::StoredValue after{.payload = value_bytes};
  const auto impossible = loader_.topic().check_transition(before ? &*before : nullptr, after);
  if (!impossible) return fail(impossible.error());
  if (*impossible) return fail(ErrorCode::kConflict, (*impossible)->text());
  std::string stored;
  table::append_stored_value(after, stored);
  written_[*key] = std::move(stored);
  return {};
}

}  // namespace omashu::cli

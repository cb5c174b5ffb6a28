#include "net/connection_table.h"

#include <utility>

namespace omashu::net {

WaitingConnection::WaitingConnection(Clock::time_point now) : client_turn_since_(now.time_since_epoch().count()) {}

WaitingConnection::~WaitingConnection() { leave_table(); }

Clock::time_point WaitingConnection::client_turn_since() const {
  return Clock::time_point(Clock::duration(client_turn_since_.load(std::memory_order_relaxed)));
}

void WaitingConnection::leave_table() {
  if (ConnectionTable* table = table_.exchange(nullptr)) table->remove(id_);
}

void WaitingConnection::begin_client_turn(Clock::time_point now) {
  client_turn_since_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
}

void WaitingConnection::begin_server_turn() { begin_client_turn(Clock::time_point::max()); }

bool ConnectionTable::is_full() const {
  const MutexLock lock(mutex_);
  return entries_.size() >= max_connections_;
}

void ConnectionTable::add(const std::shared_ptr<WaitingConnection>& connection, size_t worker) {
  const MutexLock lock(mutex_);
  connection->id_ = ++last_id_;
  connection->table_ = this;
  entries_.emplace(last_id_, Entry{connection.get(), connection, worker});
}

void ConnectionTable::remove(size_t id) {
  const MutexLock lock(mutex_);
  entries_.erase(id);
}

std::optional<ConnectionTable::Candidate> ConnectionTable::longest_waiting() const {
  Candidate candidate;
  const MutexLock lock(mutex_);
  const Entry* found = nullptr;
  for (const auto& [id, entry] : entries_) {
    const Clock::time_point since = entry.connection->client_turn_since();
    if (since >= candidate.client_turn_since || entry.owner.expired()) continue;
    candidate.client_turn_since = since;
    found = &entry;
  }
  if (found == nullptr) return std::nullopt;
  candidate.worker = found->worker;
  candidate.connection = found->owner.lock();
  if (candidate.connection == nullptr) return std::nullopt;  // it has just gone, and made room
  return candidate;
}

}  // namespace omashu::net

// The connections of a server, and which of them is closed when there are too many: the one that has kept the server
// waiting longest, be it idle between requests, slow within one, or not taking its answer. So a client that does
// nothing, or sends a byte a second, never keeps others out. A connection whose request the server works on is not
// closed for others.
//
// Knows no sockets. Thread-safe.

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>

#include "base/mutex.h"

namespace omashu::net {

using Clock = std::chrono::steady_clock;

class ConnectionTable;

// What the table asks of a connection.
class WaitingConnection {
 public:
  virtual ~WaitingConnection();
  WaitingConnection(const WaitingConnection&) = delete;
  WaitingConnection& operator=(const WaitingConnection&) = delete;

  // Since when it is the client's turn: to send the whole of its next request, or to take the answer.
  // Clock::time_point::max() while it is the server's. From any thread.
  Clock::time_point client_turn_since() const;

  // Gives its place in the table to others, before it is destroyed: for one that has been closed. From any thread.
  void leave_table();

 protected:
  explicit WaitingConnection(Clock::time_point now);

  // Called by the connection as turns change.
  void begin_client_turn(Clock::time_point now);
  void begin_server_turn();

 private:
  friend class ConnectionTable;

  std::atomic<Clock::rep> client_turn_since_;
  std::atomic<ConnectionTable*> table_ = nullptr;
  size_t id_ = 0;
};

class ConnectionTable {
 public:
  explicit ConnectionTable(size_t max_connections) : max_connections_(max_connections) {}

  size_t max_connections() const { return max_connections_; }
  bool is_full() const;

  // Takes a place, also where the table is full. The table must outlive the connection.
  void add(const std::shared_ptr<WaitingConnection>& connection, size_t worker);

  struct Candidate {
    std::shared_ptr<WaitingConnection> connection;
    size_t worker = 0;  // as it was added
    Clock::time_point client_turn_since = Clock::time_point::max();
  };
  // The one to close for a newcomer; nothing where the server works on a request of each.
  std::optional<Candidate> longest_waiting() const;

 private:
  friend class WaitingConnection;
  struct Entry {
    const WaitingConnection* connection = nullptr;  // good while the entry is there: its destructor removes it
    std::weak_ptr<WaitingConnection> owner;
    size_t worker = 0;
  };

  void remove(size_t id);

  const size_t max_connections_;
  mutable Mutex mutex_;
  std::map<size_t, Entry> entries_ GUARDED_BY(mutex_);  // by id
  size_t last_id_ GUARDED_BY(mutex_) = 0;
};

}  // namespace omashu::net

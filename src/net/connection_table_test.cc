#include "net/connection_table.h"

#include <gtest/gtest.h>

namespace omashu::net {
namespace {

Clock::time_point at(int seconds) { return Clock::time_point(std::chrono::seconds(seconds)); }

class FakeConnection : public WaitingConnection {
 public:
  explicit FakeConnection(Clock::time_point now) : WaitingConnection(now) {}
  using WaitingConnection::begin_client_turn;
  using WaitingConnection::begin_server_turn;
};

std::shared_ptr<FakeConnection> add_to(ConnectionTable& table, int seconds, size_t worker = 0) {
  auto connection = std::make_shared<FakeConnection>(at(seconds));
  table.add(connection, worker);
  return connection;
}

TEST(ConnectionTable, IsFullUntilAConnectionGoesOrLeaves) {
  ConnectionTable table(2);
  auto first = add_to(table, 1);
  EXPECT_FALSE(table.is_full());
  const auto second = add_to(table, 2);
  EXPECT_TRUE(table.is_full());
  first.reset();
  EXPECT_FALSE(table.is_full());
  const auto third = add_to(table, 3);
  EXPECT_TRUE(table.is_full());
  second->leave_table();
  EXPECT_FALSE(table.is_full());
}

TEST(ConnectionTable, NamesTheOneThatHasKeptTheServerWaitingLongest) {
  ConnectionTable table(3);
  const auto first = add_to(table, 1);
  const auto second = add_to(table, 2, 7);
  const auto third = add_to(table, 3);
  EXPECT_EQ(table.longest_waiting()->connection, first);
  first->begin_client_turn(at(4));  // it has had an answer
  const auto longest = table.longest_waiting();
  EXPECT_EQ(longest->connection, second);
  EXPECT_EQ(longest->worker, 7u);
  EXPECT_EQ(longest->client_turn_since, at(2));
  second->leave_table();
  EXPECT_EQ(table.longest_waiting()->connection, third);
}

TEST(ConnectionTable, NamesNoneThatTheServerWorksFor) {
  ConnectionTable table(2);
  EXPECT_FALSE(table.longest_waiting());
  const auto first = add_to(table, 1);
  const auto second = add_to(table, 2);
  first->begin_server_turn();
  EXPECT_EQ(table.longest_waiting()->connection, second);
  second->begin_server_turn();
  EXPECT_FALSE(table.longest_waiting());
}

}  // namespace
}  // namespace omashu::net

#include "provision/replica_placement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

kafka::TopicDescription topic_with(std::vector<std::vector<int32_t>> replicas) {
  kafka::TopicDescription topic{.name = "a"};
  for (size_t i = 0; i < replicas.size(); ++i) {
    topic.partition_descriptions.push_back(
        {.id = kafka::PartitionId{static_cast<int32_t>(i)}, .replicas = std::move(replicas[i])});
  }
  return topic;
}

std::vector<kafka::Broker> brokers_with(std::vector<std::string> racks) {
  std::vector<kafka::Broker> brokers;
  for (std::string& rack : racks) {
    brokers.push_back({.id = static_cast<int32_t>(brokers.size()) + 1, .host = "127.0.0.1", .rack = std::move(rack)});
  }
  return brokers;
}

using Replicas = std::vector<int32_t>;

std::vector<Replicas> placed(const kafka::TopicDescription& topic, const std::vector<kafka::Broker>& brokers,
                             int factor) {
  std::vector<Replicas> replicas;
  for (const kafka::ReplicaMove& move : place_replicas(topic, brokers, factor)) replicas.push_back(move.replicas);
  return replicas;
}

TEST(ReplicaPlacement, KeepsWhatIsThereAndSpreadsTheRest) {
  EXPECT_THAT(placed(topic_with({{1}, {2}, {3}}), brokers_with({"", "", ""}), 2),
              ElementsAre(Replicas{1, 2}, Replicas{2, 1}, Replicas{3, 1}));
  std::map<int32_t, int> on;
  std::vector<Replicas> alone(30, Replicas{1});
  for (const Replicas& replicas : placed(topic_with(alone), brokers_with({"", "", "", ""}), 3)) {
    EXPECT_THAT(replicas, SizeIs(3));
    EXPECT_EQ(replicas.front(), 1);
    for (const int32_t broker : replicas) ++on[broker];
  }
  EXPECT_THAT(on, ElementsAre(std::pair(1, 30), std::pair(2, 20), std::pair(3, 20), std::pair(4, 20)));
}

TEST(ReplicaPlacement, GoesToOtherRacksFirst) {
  EXPECT_THAT(placed(topic_with({{1}, {3}}), brokers_with({"a", "a", "b", "b", "c"}), 3),
              ElementsAre(Replicas{1, 4, 5}, Replicas{3, 2, 5}));
}

TEST(ReplicaPlacement, APartitionThatHasThemIsLeftAlone) {
  const auto moves = place_replicas(topic_with({{1, 2}, {2}}), brokers_with({"", ""}), 2);
  ASSERT_THAT(moves, SizeIs(1));
  EXPECT_EQ(moves[0].partition.partition, kafka::PartitionId{1});
  EXPECT_THAT(placed(topic_with({{2, 1}}), brokers_with({"", ""}), 2), IsEmpty());
}

TEST(ReplicaPlacement, FewerReplicasAreTakenFromTheEnd) {
  EXPECT_THAT(placed(topic_with({{3, 1, 2}}), brokers_with({"", "", ""}), 1), ElementsAre(Replicas{3}));
}

}  // namespace
}  // namespace omashu::provision

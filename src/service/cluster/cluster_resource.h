// What the operations about the cluster share. Each resource has a file of its own (routes_topics.cc, …).

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "service/cluster/cluster_access.h"
#include "service/cluster/lane.h"
#include "service/parts.h"

namespace omashu::service {

// Cheap to copy. The parts outlive it.
struct ClusterResource {
  const Parts& parts;
  std::shared_ptr<ClusterAccess> access;
  std::shared_ptr<Lane> lane;

  // Answers with what `work` comes to, a text of JSON, on the lane.
  using Work = std::function<Answer<std::string>(const http::Exchange&)>;
  http::Handler handler(Work work) const;
};

Operations cluster_info_operations(const ClusterResource& resource);
Operations topic_operations(const ClusterResource& resource);
Operations record_operations(const ClusterResource& resource);
Operations group_operations(const ClusterResource& resource);
Operations schema_operations(const ClusterResource& resource);
Operations plan_operations(const ClusterResource& resource);

// For tests: with clients of their own.
Operations cluster_operations(const Parts& parts, std::shared_ptr<ClusterAccess> access);

json::Value warnings_json(const std::vector<std::string>& warnings);

// Of the topic in the path; where it does not exist, the nearest one that does is suggested.
Answer<kafka::TopicDescription> topic_of(kafka::Admin& admin, const std::string& topic);

Parameter topic_parameter();

// The schema of a JSON object with these members: "topics:array records:integer?" where ? says that it may be null.
std::string object_schema(std::string_view members);

}  // namespace omashu::service

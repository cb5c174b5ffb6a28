// GET …/count of a group: each member counts the rows of its partitions, and the counts are added up.

#pragma once

#include <memory>

#include "service/group/gather.h"

namespace omashu::service {

// On a thread that may wait.
void answer_count(GroupRouter& router, const http::ExchangePtr& exchange, const http::Handler& here);

// The answers of several members as one: {"count":…,"groups":[…],"position":…}.
Answer<json::Value> add_counts(const std::vector<json::Value>& counts, const std::string& position);

}  // namespace omashu::service

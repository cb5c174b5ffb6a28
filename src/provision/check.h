// The last check before the first write: the brokers say whether they would do what is planned.

#pragma once

#include "kafka/admin.h"
#include "provision/plan.h"

namespace omashu::provision {

// CreateTopics, CreatePartitions and IncrementalAlterConfigs with validate_only. What a broker refuses becomes a
// violation of the plan, in the broker's words, at the place in the file that it is about.
void check_with_brokers(const Desired& desired, const Plan& plan, kafka::Admin& admin,
                        std::vector<Mistake>& violations);

}  // namespace omashu::provision

// The topics' part of a plan.

#pragma once

#include "provision/plan.h"

namespace omashu::provision {

void plan_topics(const Desired& desired, const Observed& observed, const PlanOptions& options, Plan& plan);

}  // namespace omashu::provision

// The environment, the files and the network of this process, where credentials are found.

#pragma once

#include "sink/dynamodb/credentials.h"

namespace omashu::sink::dynamodb {

AwsEnvironment process_environment();

}  // namespace omashu::sink::dynamodb

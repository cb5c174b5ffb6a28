// The environment, the files and the network of this process, where credentials are found.

#pragma once

#include "sink/dynamodb/credentials.h"

namespace omashu::sink::dynamodb {

AwsEnvironment aws_environment_of_process();

}  // namespace omashu::sink::dynamodb

#include "broker/protocol/15_describe_groups.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<DescribeGroupsRequest>;
template struct MessageCodec<DescribeGroupsResponse>;

}  // namespace omashu::broker

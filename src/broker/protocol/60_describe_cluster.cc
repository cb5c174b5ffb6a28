#include "broker/protocol/60_describe_cluster.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<DescribeClusterRequest>;
template struct MessageCodec<DescribeClusterResponse>;

}  // namespace omashu::broker

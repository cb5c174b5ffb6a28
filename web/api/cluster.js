// Topics, groups, schemas and plans: docs/cluster-api.md says what they are made of.

import { queryText } from '../model/route.js'
import { getJson, path, postJson } from './client.js'

export const getCluster = (signal) => getJson('v1/cluster', { signal })

export const listTopics = async (signal) => (await getJson('v1/topics', { signal })).topics

export const describeTopic = (topic, signal) => getJson(path('v1/topics', topic), { signal })

// query: partition, from, direction, limit, where
export function readRecords(topic, query, signal) {
  return getJson(`${path('v1/topics', topic, 'records')}?${queryText(query)}`, { signal })
}

export const listGroups = async (signal) => (await getJson('v1/groups', { signal })).groups

export const describeGroup = (group, signal) => getJson(path('v1/groups', group), { signal })

export const listSubjects = async (signal) => (await getJson('v1/schemas', { signal })).subjects

export const describeSubject = (subject, signal) => getJson(path('v1/schemas', subject), { signal })

export function diffSubject(subject, from, to, signal) {
  return getJson(`${path('v1/schemas', subject, 'diff')}?${queryText({ from, to })}`, { signal })
}

// `files` is {name: text}.
export const makePlan = (files, signal) => postJson('v1/plan', { files }, { signal })

import type { Chart } from '../../core/card.ts';
import type { Said } from '../../core/chat.ts';
import { AppError } from '../../errors.ts';
import { chartPng } from '../cards/chart-png.ts';
import { chartsToDraw, type SlackFace } from '../cards/slack.ts';
import type { Caller } from './clients.ts';
import { isSlacks } from './files.ts';

/** What is said has few charts; more than these are written in figures. */
const mostPictures = 4;
const patienceMs = 15_000;

/** Draws and uploads the charts that Slack has no block for. One that does not arrive is written in figures. */
export async function withPictures(slack: Caller, externalTenant: string, said: Said, face: SlackFace): Promise<SlackFace> {
  const charts = chartsToDraw(said, face).slice(0, mostPictures);
  if (!charts.length) return face;
  const uploaded = await Promise.allSettled(
    charts.map(async ({ key, chart }) => [key, await upload(slack, externalTenant, chart)] as const),
  );
  return { ...face, pictures: new Map(uploaded.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))) };
}

async function upload(slack: Caller, externalTenant: string, chart: Chart): Promise<string> {
  const picture = await chartPng(chart);
  return slack.call(externalTenant, async (web) => {
    const place = await web.files.getUploadURLExternal({
      filename: 'chart.png',
      length: picture.length,
      alt_text: chart.alt.slice(0, 1000),
    });
    if (!place.upload_url || !place.file_id || !isSlacks(place.upload_url, web.slackApiUrl))
      throw new AppError('unavailable', 'Slack names no place for a picture.');
    const response = await fetch(place.upload_url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.from(picture),
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    await response.body?.cancel();
    if (!response.ok) throw new AppError('unavailable', 'Slack does not take a picture.');
    await web.files.completeUploadExternal({ files: [{ id: place.file_id, title: chart.title.slice(0, 200) }] });
    return place.file_id;
  });
}

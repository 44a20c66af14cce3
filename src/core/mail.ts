/** The local mail outbox: where `send` tools deliver while no mail server is connected. */
export interface Mail {
  id: string;
  leadId: string | null;
  sender: string;
  recipients: string[];
  subject: string;
  body: string;
  status: 'delivered_locally';
  createdAt: Date;
}

export interface Mails {
  list(limit: number): Promise<Mail[]>;
  get(id: string): Promise<Mail | undefined>;
  /** Put once per proposal: the same proposal never makes two mails. */
  put(mail: Pick<Mail, 'leadId' | 'sender' | 'recipients' | 'subject' | 'body'> & { proposalId?: string }): Promise<Mail>;
}

/** Lists as other products write them, with invented companies and people: header, rows, and what each column that has a field is. */
export interface MadeList {
  of: string;
  /** Header and rows, cells between bars. */
  text: string;
  /** Header -> field; every other column stays an attribute. */
  fields: Record<string, string>;
}

export const madeLists: MadeList[] = [
  {
    of: 'Salesforce accounts',
    text: `Account Name|Billing Street|Billing City|Billing State/Province|Billing Zip/Postal Code|Billing Country|Shipping Street|Shipping City|Phone|Fax|Website|Industry|Employees|Annual Revenue|Account Owner|Type|Account ID
Northgate Heating LLC|12 Main St|Austin|TX|78701|United States|14 Dock Rd|Austin|(512) 555-0143|(512) 555-0144|northgate.example.com|Construction|45|1200000|Dana Okafor|Customer|0015f00000A1
Bluebird Solar Inc|88 Lake Ave Ste 4|Denver|CO|80202|United States|||(303) 555-0171||www.bluebird.example.com|Energy|120|5300000|Marcus Bell|Prospect|0015f00000A2
Harbor Electric Co|401 Pine Rd|Reno|NV|89501|United States|||775-555-0110||harbor.example.com|Construction|12|800000|Dana Okafor|Prospect|0015f00000A3`,
    fields: {
      'Account Name': 'name',
      'Billing Street': 'street',
      'Billing City': 'city',
      'Billing State/Province': 'state',
      'Billing Zip/Postal Code': 'zip',
      'Billing Country': 'country',
      Phone: 'phone',
      Website: 'website',
      Industry: 'industry',
      Employees: 'employees',
    },
  },
  {
    of: 'Salesforce leads',
    text: `First Name|Last Name|Title|Company / Account|Email|Phone|Mobile|Street|City|State/Province|Zip/Postal Code|Lead Source|Lead Status|Lead Owner|Rating
Jane|Moreno|Operations Manager|Northgate Heating LLC|jane.moreno@northgate.example|(512) 555-0143|(512) 555-9001|12 Main St|Austin|TX|78701|Web|Open - Not Contacted|Ann Reyes|Hot
Robert|Quist|Owner|Quist Plumbing|bob@quist.example|(303) 555-0171|(303) 555-9002|88 Lake Ave|Denver|CO|80202|Referral|Working - Contacted|Ann Reyes|Warm
Linda|Abbott|President|Abbott Bros Roofing|linda@abbott.example|775-555-0110||401 Pine Rd|Reno|NV|89501|Web|Closed - Converted|Marcus Bell|Cold`,
    fields: {
      'First Name': 'personFirstName',
      'Last Name': 'personLastName',
      Title: 'personTitle',
      'Company / Account': 'name',
      Email: 'personEmail',
      Phone: 'phone',
      Mobile: 'personPhone',
      Street: 'street',
      City: 'city',
      'State/Province': 'state',
      'Zip/Postal Code': 'zip',
      'Lead Status': 'status',
    },
  },
  {
    of: 'Salesforce opportunities',
    text: `Opportunity Name|Account Name|Stage|Amount|Close Date|Probability (%)|Next Step|Lead Source|Opportunity Owner|Created Date|Fiscal Period
Rooftop units 2026|Northgate Heating LLC|Proposal/Price Quote|48000|3/31/2026|75|Call|Web|Ann Reyes|1/4/2026|Q1-2026
Service contract|Quist Plumbing|Negotiation/Review|12500.50|4/15/2026|90||Referral|Ann Reyes|1/9/2026|Q2-2026
Panel upgrade|Harbor Electric Co|Closed Won|7300|2/2/2026|100|||Marcus Bell|12/1/2025|Q1-2026`,
    fields: {
      'Opportunity Name': 'dealName',
      'Account Name': 'name',
      Stage: 'dealStage',
      Amount: 'dealAmount',
      'Close Date': 'dealCloses',
    },
  },
  {
    of: 'Salesforce data loader',
    text: `Id|Name|BillingStreet|BillingCity|BillingState|BillingPostalCode|NumberOfEmployees|Phone|Website|OwnerId|IsDeleted
0015f00000A1|Northgate Heating LLC|12 Main St|Austin|TX|78701|45|5125550143|http://northgate.example.com|0055f0000001|false
0015f00000A2|Bluebird Solar Inc|88 Lake Ave|Denver|CO|80202|120|3035550171|http://bluebird.example.com|0055f0000001|false`,
    fields: {
      Name: 'name',
      BillingStreet: 'street',
      BillingCity: 'city',
      BillingState: 'state',
      BillingPostalCode: 'zip',
      NumberOfEmployees: 'employees',
      Phone: 'phone',
      Website: 'website',
    },
  },
  {
    of: 'HubSpot contacts',
    text: `Record ID|First Name|Last Name|Email|Phone Number|Mobile Phone Number|Contact owner|Primary Associated Company|Job Title|Last Activity Date|Lead Status|Lifecycle Stage|Create Date
101|Jane|Moreno|jane@northgate.example|+1 512-555-0143|+1 512-555-9001|Ann Reyes|Northgate Heating LLC|Operations Manager|2026-01-04 10:11|NEW|Lead|2025-12-01 09:00
102|Robert|Quist|bob@quist.example|+1 303-555-0171||Ann Reyes|Quist Plumbing|Owner|2026-01-05 12:00|ATTEMPTED_TO_CONTACT|Lead|2025-12-02 09:00
103|Linda|Abbott|linda@abbott.example||+1 775-555-9110|Marcus Bell|Abbott Bros Roofing|President||UNQUALIFIED|Customer|2025-12-03 09:00`,
    fields: {
      'First Name': 'personFirstName',
      'Last Name': 'personLastName',
      Email: 'personEmail',
      'Phone Number': 'phone',
      'Mobile Phone Number': 'personPhone',
      'Primary Associated Company': 'name',
      'Job Title': 'personTitle',
      'Lead Status': 'status',
    },
  },
  {
    of: 'HubSpot companies',
    text: `Record ID|Company name|Company owner|Create Date|Phone Number|Last Activity Date|City|Country/Region|Industry|Company Domain Name|Number of Employees|LinkedIn Company Page
201|Northgate Heating LLC|Ann Reyes|2025-12-01|+1 512-555-0143|2026-01-04|Austin|United States|CONSTRUCTION|northgate.example.com|45|https://www.linkedin.com/company/northgate
202|Bluebird Solar Inc|Marcus Bell|2025-12-02|+1 303-555-0171||Denver|United States|RENEWABLES_ENVIRONMENT|bluebird.example.com|120|https://www.linkedin.com/company/bluebird`,
    fields: {
      'Company name': 'name',
      'Phone Number': 'phone',
      City: 'city',
      'Country/Region': 'country',
      Industry: 'industry',
      'Company Domain Name': 'domain',
      'Number of Employees': 'employees',
    },
  },
  {
    of: 'HubSpot deals',
    text: `Record ID|Deal Name|Deal Stage|Close Date|Deal owner|Amount|Pipeline|Associated Company|Associated Contact
301|Rooftop units|Appointment Scheduled|2026-03-31 00:00|Ann Reyes|48000|Sales Pipeline|Northgate Heating LLC|Jane Moreno
302|Service contract|Contract Sent|2026-04-15 00:00|Ann Reyes|12500.5|Sales Pipeline|Quist Plumbing|Robert Quist`,
    fields: {
      'Deal Name': 'dealName',
      'Deal Stage': 'dealStage',
      'Close Date': 'dealCloses',
      Amount: 'dealAmount',
      'Associated Company': 'name',
      'Associated Contact': 'personName',
    },
  },
  {
    of: 'Pipedrive people',
    text: `Person - Name|Person - Organization|Person - Email - Work|Person - Email - Home|Person - Phone - Work|Person - Phone - Mobile|Person - Owner|Person - Open deals
Jane Moreno|Northgate Heating LLC|jane@northgate.example|jm@freemail.example|512-555-0143|512-555-9001|Ann Reyes|1
Robert Quist|Quist Plumbing|bob@quist.example||303-555-0171||Ann Reyes|0`,
    fields: {
      'Person - Name': 'personName',
      'Person - Organization': 'name',
      'Person - Email - Work': 'personEmail',
      'Person - Phone - Mobile': 'personPhone',
    },
  },
  {
    of: 'Pipedrive deals',
    text: `Title|Value|Organization|Contact person|Stage|Expected close date|Status|Owner|Deal created
Rooftop units|48000|Northgate Heating LLC|Jane Moreno|Proposal Made|2026-03-31|Open|Ann Reyes|2026-01-04
Service contract|12500|Quist Plumbing|Robert Quist|Negotiations Started|2026-04-15|Won|Ann Reyes|2026-01-09`,
    fields: {
      Title: 'dealName',
      Value: 'dealAmount',
      Organization: 'name',
      'Contact person': 'personName',
      Stage: 'dealStage',
      'Expected close date': 'dealCloses',
    },
  },
  {
    of: 'Close leads',
    text: `id|display_name|description|status_label|url|primary_contact_name|primary_contact_title|primary_contact_primary_email|primary_contact_primary_phone|primary_address_city|primary_address_state|date_created
lead_1|Northgate Heating LLC||Potential|http://northgate.example.com|Jane Moreno|Operations Manager|jane@northgate.example|+15125550143|Austin|TX|2026-01-04
lead_2|Quist Plumbing||Bad Fit|http://quist.example.com|Robert Quist|Owner|bob@quist.example|+13035550171|Denver|CO|2026-01-05`,
    fields: {
      display_name: 'name',
      status_label: 'status',
      url: 'website',
      primary_contact_name: 'personName',
      primary_contact_title: 'personTitle',
      primary_contact_primary_email: 'personEmail',
      primary_contact_primary_phone: 'personPhone',
      primary_address_city: 'city',
      primary_address_state: 'state',
    },
  },
  {
    of: 'GoHighLevel contacts',
    text: `Contact Id|First Name|Last Name|Phone|Email|Business Name|Created|Last Activity|Tags|Additional Emails
a1b2|Jane|Moreno|+15125550143|jane@northgate.example|Northgate Heating LLC|2026-01-04T10:00:00-06:00|2026-01-05|hvac,texas|
c3d4|Robert|Quist|+13035550171|bob@quist.example|Quist Plumbing|2026-01-04T11:00:00-06:00||plumbing|`,
    fields: {
      'First Name': 'personFirstName',
      'Last Name': 'personLastName',
      Phone: 'phone',
      Email: 'personEmail',
      'Business Name': 'name',
    },
  },
  {
    of: 'Apollo people',
    text: `First Name|Last Name|Title|Company|Company Name for Emails|Email|Email Status|Seniority|Departments|Contact Owner|Work Direct Phone|Home Phone|Mobile Phone|Corporate Phone|Other Phone|Stage|Lists|Last Contacted|Account Owner|# Employees|Industry|Keywords|Person Linkedin Url|Website|Company Linkedin Url|Facebook Url|City|State|Country|Company Address|Company City|Company State|Company Country|Company Phone|Technologies|Annual Revenue|Apollo Contact Id
Jane|Moreno|Operations Manager|Northgate Heating LLC|Northgate Heating|jane.moreno@northgate.example|Verified|Manager|Operations|ann@ours.example|'+1 512-555-7777||'+1 512-555-9001|'+1 512-555-0143||Cold|Texas HVAC||ann@ours.example|45|construction|hvac, heating|http://www.linkedin.com/in/jane-moreno|http://www.northgate.example.com|http://www.linkedin.com/company/northgate||Round Rock|Texas|United States|12 Main St, Austin, Texas, United States, 78701|Austin|Texas|United States|'+1 512-555-0143|Office 365|1200000|66aa
Robert|Quist|Owner|Quist Plumbing|Quist Plumbing|bob@quist.example|Verified|Owner|C-Suite|ann@ours.example||||'+1 303-555-0171||Cold|Denver||ann@ours.example|12|construction|plumbing|http://www.linkedin.com/in/bobquist|http://www.quist.example.com|http://www.linkedin.com/company/quist||Aurora|Colorado|United States|88 Lake Ave, Denver, Colorado, United States, 80202|Denver|Colorado|United States|'+1 303-555-0171|WordPress|800000|66ab
Linda|Abbott|President|Abbott Bros Roofing|Abbott Bros Roofing|labbott@abbott.example|Verified|C suite|C-Suite|ann@ours.example|'+1 775-555-7110||'+1 775-555-9110|'+1 775-555-0110||Cold|Nevada||ann@ours.example|30|construction|roofing|http://www.linkedin.com/in/labbott|http://www.abbott.example.com|||Sparks|Nevada|United States|401 Pine Rd, Reno, Nevada, United States, 89501|Reno|Nevada|United States|'+1 775-555-0110|WordPress|900000|66ac`,
    fields: {
      'First Name': 'personFirstName',
      'Last Name': 'personLastName',
      Title: 'personTitle',
      Company: 'name',
      Email: 'personEmail',
      'Work Direct Phone': 'personPhone',
      'Corporate Phone': 'phone',
      Stage: 'status',
      '# Employees': 'employees',
      Industry: 'industry',
      Website: 'website',
      'Company Address': 'address',
      'Company City': 'city',
      'Company State': 'state',
      'Company Country': 'country',
    },
  },
  {
    of: 'ZoomInfo contacts',
    text: `ZoomInfo Contact ID|Last Name|First Name|Middle Name|Salutation|Job Title|Management Level|Direct Phone Number|Email Address|Email Domain|Mobile phone|Person City|Person State|ZoomInfo Company ID|Company Name|Website|Founded Year|Company HQ Phone|Fax|Revenue (in 000s USD)|Employees|Employee Range|SIC Code 1|Primary Industry|Company Street Address|Company City|Company State|Company Zip Code|Company Country|Full Address
-101|Moreno|Jane||Ms.|Operations Manager|Manager|(512) 555-7777|jane.moreno@northgate.example|northgate.example.com|(512) 555-9001|Round Rock|Texas|301|Northgate Heating LLC|www.northgate.example.com|1998|(512) 555-0143|(512) 555-0144|1,200|45|20 - 49|1711|Construction|12 Main St|Austin|Texas|78701|United States|12 Main St, Austin, Texas, 78701, United States
-102|Quist|Robert|A|Mr.|Owner|C-Level|(303) 555-7171|bob@quist.example|quist.example.com||Aurora|Colorado|302|Quist Plumbing|www.quist.example.com|2004|(303) 555-0171||800|12|10 - 19|1711|Construction|88 Lake Ave|Denver|Colorado|80202|United States|88 Lake Ave, Denver, Colorado, 80202, United States`,
    fields: {
      'Last Name': 'personLastName',
      'First Name': 'personFirstName',
      'Job Title': 'personTitle',
      'Direct Phone Number': 'personPhone',
      'Email Address': 'personEmail',
      'Email Domain': 'domain',
      'Company Name': 'name',
      Website: 'website',
      'Company HQ Phone': 'phone',
      Employees: 'employees',
      'Primary Industry': 'industry',
      'Company Street Address': 'street',
      'Company City': 'city',
      'Company State': 'state',
      'Company Zip Code': 'zip',
      'Company Country': 'country',
      'Full Address': 'address',
    },
  },
  {
    of: 'LinkedIn Sales Navigator',
    text: `firstName|lastName|fullName|title|companyName|companyUrl|profileUrl|location|companyLocation|industry|summary|connectionDegree
Jane|Moreno|Jane Moreno|Operations Manager|Northgate Heating LLC|https://www.linkedin.com/sales/company/301|https://www.linkedin.com/sales/lead/AAA|Austin, TX|Austin, TX|Construction|I run crews.|2nd
Robert|Quist|Robert Quist|Owner|Quist Plumbing|https://www.linkedin.com/sales/company/302|https://www.linkedin.com/sales/lead/BBB|Denver, CO|Denver, CO|Construction|Pipes.|3rd`,
    fields: {
      firstName: 'personFirstName',
      lastName: 'personLastName',
      fullName: 'personName',
      title: 'personTitle',
      companyName: 'name',
      companyLocation: 'address',
      industry: 'industry',
    },
  },
  {
    of: 'LinkedIn connections',
    text: `First Name|Last Name|URL|Email Address|Company|Position|Connected On
Jane|Moreno|https://www.linkedin.com/in/jane-moreno||Northgate Heating LLC|Operations Manager|04 Jan 2026
Robert|Quist|https://www.linkedin.com/in/bobquist|bob@quist.example|Quist Plumbing|Owner|02 Dec 2025`,
    fields: {
      'First Name': 'personFirstName',
      'Last Name': 'personLastName',
      'Email Address': 'personEmail',
      Company: 'name',
      Position: 'personTitle',
    },
  },
  {
    of: 'a scraper of Google Maps with titles',
    text: `title|totalScore|reviewsCount|street|city|state|countryCode|website|phone|categoryName|url|placeId|location/lat|location/lng
Northgate Heating & Air|4.7|120|12 Main St|Austin|Texas|US|https://northgate.example.com/|(512) 555-0143|HVAC contractor|https://www.google.com/maps/search/?api=1&query=a|ChIJ1|30.2672|-97.7431
Quist Plumbing|4.1|33|88 Lake Ave|Denver|Colorado|US|https://quist.example.com/|(303) 555-0171|Plumber|https://www.google.com/maps/search/?api=1&query=b|ChIJ2|39.7392|-104.9903
Joe's Place|3.9|7|401 Pine Rd|Reno|Nevada|US||(775) 555-0110|Plumber|https://www.google.com/maps/search/?api=1&query=c|ChIJ3|39.5296|-119.8138`,
    fields: {
      title: 'name',
      street: 'street',
      city: 'city',
      state: 'state',
      countryCode: 'country',
      website: 'website',
      phone: 'phone',
      categoryName: 'industry',
    },
  },
  {
    of: 'a scraper of Google Maps with names',
    text: `name|site|category|phone|full_address|borough|street|city|postal_code|state|us_state|country_code|latitude|longitude|rating|reviews|photo|place_link|owner_title|owner_link
Northgate Heating & Air|https://northgate.example.com/|HVAC contractor|+1 512-555-0143|12 Main St, Austin, TX 78701|Downtown|12 Main St|Austin|78701|Texas|Texas|US|30.2672|-97.7431|4.7|120|https://lh5.googleusercontent.com/p/1|https://www.google.com/maps/place/1|Northgate Heating & Air|https://www.google.com/maps/contrib/1
Quist Plumbing|https://quist.example.com/|Plumber|+1 303-555-0171|88 Lake Ave, Denver, CO 80202|Central|88 Lake Ave|Denver|80202|Colorado|Colorado|US|39.7392|-104.9903|4.1|33|https://lh5.googleusercontent.com/p/2|https://www.google.com/maps/place/2|Quist Plumbing|https://www.google.com/maps/contrib/2`,
    fields: {
      name: 'name',
      site: 'website',
      category: 'industry',
      phone: 'phone',
      full_address: 'address',
      street: 'street',
      city: 'city',
      postal_code: 'zip',
      state: 'state',
      country_code: 'country',
    },
  },
  {
    of: 'Yelp',
    text: `business_name|review_count|rating|display_phone|address1|address2|city|state|zip_code|categories|url|image_url|is_closed
Northgate Heating & Air|120|4.5|(512) 555-0143|12 Main St||Austin|TX|78701|Heating & Air Conditioning/HVAC|https://www.yelp.com/biz/northgate|https://s3-media1.fl.yelpcdn.com/1.jpg|False
Quist Plumbing|33|4.0|(303) 555-0171|88 Lake Ave|Ste 4|Denver|CO|80202|Plumbing|https://www.yelp.com/biz/quist|https://s3-media1.fl.yelpcdn.com/2.jpg|False`,
    fields: {
      business_name: 'name',
      display_phone: 'phone',
      address1: 'street',
      city: 'city',
      state: 'state',
      zip_code: 'zip',
      categories: 'industry',
    },
  },
  {
    of: 'BBB',
    text: `Business Name|BBB Rating|Accredited|Phone Number|Address|Website|Principal Contact|Business Started|Category|Profile URL
Northgate Heating LLC|A+|Yes|(512) 555-0143|12 Main St, Austin, TX 78701-1234|http://northgate.example.com|Ms. Jane Moreno, Owner|1/1/1998|Heating and Air Conditioning|https://www.bbb.org/us/tx/austin/profile/1
Quist Plumbing|A|No|(303) 555-0171|88 Lake Ave, Denver, CO 80202|http://quist.example.com|Mr. Robert Quist, President|5/2/2004|Plumber|https://www.bbb.org/us/co/denver/profile/2`,
    fields: {
      'Business Name': 'name',
      'Phone Number': 'phone',
      Address: 'address',
      Website: 'website',
      'Principal Contact': 'personName',
      Category: 'industry',
    },
  },
  {
    of: 'the licence board of California',
    text: `LicenseNo|BusinessType|BUS-NAME-2|FullBusinessName|MailingAddress|City|State|County|ZIPCode|BusinessPhone|IssueDate|ExpirationDate|PrimaryStatus|Classifications(s)|WorkersCompCoverageType|WCInsuranceCompany|CBSuretyCompany
1012345|Corporation||NORTHGATE HEATING INC|12 MAIN ST|FRESNO|CA|Fresno|93701|(559) 555-0143|03/01/2016|03/31/2026|CLEAR|C20|Workers' Compensation Insurance|STATE COMPENSATION INSURANCE FUND|AMERICAN CONTRACTORS INDEMNITY COMPANY
1012346|Sole Owner||QUIST ROBERT ALAN|88 LAKE AVE|CHICO|CA|Butte|95926|(530) 555-0171|04/01/2016|04/30/2026|CLEAR|C36|Exempt||MERCHANTS BONDING COMPANY`,
    fields: {
      FullBusinessName: 'name',
      MailingAddress: 'street',
      City: 'city',
      State: 'state',
      ZIPCode: 'zip',
      BusinessPhone: 'phone',
      BusinessType: 'industry',
    },
  },
  {
    of: 'the licence board of Texas',
    text: `LICENSE TYPE|LICENSE NUMBER|BUSINESS COUNTY|BUSINESS NAME|BUSINESS ADDRESS-LINE1|BUSINESS ADDRESS-LINE2|BUSINESS CITY, STATE ZIP|BUSINESS TELEPHONE|LICENSE EXPIRATION DATE (MMDDCCYY)|OWNER NAME|OWNER TELEPHONE
A/C Contractor|1234|TRAVIS|NORTHGATE HEATING LLC|12 MAIN ST||AUSTIN TX 78701|5125550143|03312026|MORENO, JANE|5125559001
A/C Contractor|1235|HARRIS|QUIST COOLING|88 LAKE AVE|STE 4|HOUSTON TX 77002|7135550171|04302026|QUIST, ROBERT|7135559002`,
    fields: {
      'BUSINESS NAME': 'name',
      'BUSINESS ADDRESS-LINE1': 'street',
      'BUSINESS CITY, STATE ZIP': 'address',
      'BUSINESS TELEPHONE': 'phone',
      'OWNER NAME': 'personName',
      'OWNER TELEPHONE': 'personPhone',
    },
  },
  {
    of: 'the licence board of Florida, which names people and their firms',
    text: `License Type|Licensee Name|DBA Name|Address 1|Address 2|City|State|Zip|County Code|License Number|Primary Status|Expiration Date
Certified Air|MORENO, JANE|NORTHGATE HEATING LLC|12 MAIN ST||TAMPA|FL|33602|39|CAC123|Current|08/31/2026
Certified Air|QUIST, ROBERT|QUIST COOLING & HEATING INC|88 LAKE AVE||MIAMI|FL|33101|23|CAC124|Current|08/31/2026
Certified Air|ABBOTT, LINDA|ABBOTT BROS AIR|401 PINE RD||OCALA|FL|34470|52|CAC125|Delinquent|08/31/2024`,
    fields: {
      'Licensee Name': 'personName',
      'DBA Name': 'name',
      'Address 1': 'street',
      City: 'city',
      State: 'state',
      Zip: 'zip',
    },
  },
  {
    of: 'Outlook contacts',
    text: `First Name|Middle Name|Last Name|Company|Department|Job Title|Business Street|Business City|Business State|Business Postal Code|Business Country/Region|Home Street|Home City|Assistant's Phone|Business Fax|Business Phone|Business Phone 2|Company Main Phone|Home Phone|Mobile Phone|E-mail Address|E-mail Type|E-mail Display Name|E-mail 2 Address|Web Page|Notes
Jane||Moreno|Northgate Heating LLC|Ops|Operations Manager|12 Main St|Austin|TX|78701|United States|||||(512) 555-0143||(512) 555-0100||(512) 555-9001|jane@northgate.example|SMTP|Jane Moreno (jane@northgate.example)||http://northgate.example.com|Met at the fair
Robert|A|Quist|Quist Plumbing||Owner|88 Lake Ave|Denver|CO|80202|United States|3 Elm Ct|Aurora||(303) 555-0172|(303) 555-0171||(303) 555-0170|(303) 555-8888|(303) 555-9002|bob@quist.example|SMTP|Robert Quist (bob@quist.example)|rq@freemail.example|http://quist.example.com|`,
    fields: {
      'First Name': 'personFirstName',
      'Last Name': 'personLastName',
      Company: 'name',
      'Job Title': 'personTitle',
      'Business Street': 'street',
      'Business City': 'city',
      'Business State': 'state',
      'Business Postal Code': 'zip',
      'Business Country/Region': 'country',
      'Business Phone': 'phone',
      'Mobile Phone': 'personPhone',
      'E-mail Address': 'personEmail',
      'Web Page': 'website',
    },
  },
  {
    of: 'Google contacts',
    text: `First Name|Middle Name|Last Name|Nickname|Organization Name|Organization Title|Organization Department|Birthday|Notes|Photo|Labels|E-mail 1 - Label|E-mail 1 - Value|Phone 1 - Label|Phone 1 - Value|Phone 2 - Label|Phone 2 - Value|Address 1 - Label|Address 1 - Formatted|Address 1 - Street|Address 1 - City|Address 1 - PO Box|Address 1 - Region|Address 1 - Postal Code|Address 1 - Country|Website 1 - Value
Jane||Moreno||Northgate Heating LLC|Operations Manager|||||* myContacts|* Work|jane@northgate.example|Work|512-555-0143|Mobile|512-555-9001|Work|"12 Main St, Austin, TX 78701"|12 Main St|Austin||TX|78701|US|https://northgate.example.com
Robert||Quist|Bob|Quist Plumbing|Owner|||||* myContacts|* Work|bob@quist.example|Work|303-555-0171|||Work|"88 Lake Ave, Denver, CO 80202"|88 Lake Ave|Denver||CO|80202|US|https://quist.example.com`,
    fields: {
      'First Name': 'personFirstName',
      'Last Name': 'personLastName',
      'Organization Name': 'name',
      'Organization Title': 'personTitle',
      'E-mail 1 - Value': 'personEmail',
      'Phone 1 - Value': 'phone',
      'Address 1 - Formatted': 'address',
      'Address 1 - Street': 'street',
      'Address 1 - City': 'city',
      'Address 1 - Region': 'state',
      'Address 1 - Postal Code': 'zip',
      'Address 1 - Country': 'country',
      'Website 1 - Value': 'website',
    },
  },
  {
    of: 'a workbook made by hand',
    text: `Company *|Contact|Phone #|E-mail|Addr|City |ST|Zip Code|Notes|Last called
Northgate Heating|Jane Moreno|512.555.0143|info@northgate.example|12 Main St|Austin|TX|78701|call after 3|1/4/26
Quist Plumbing|Bob Quist|303-555-0171|office@quist.example|88 Lake Ave|Denver|CO|80202||
Abbott Bros|Linda Abbott|(775) 555-0110|sales@abbott.example|401 Pine Rd|Reno|NV|89501|wants a quote|12/9/25`,
    fields: {
      'Company *': 'name',
      Contact: 'personName',
      'Phone #': 'phone',
      'E-mail': 'email',
      Addr: 'street',
      City: 'city',
      ST: 'state',
      'Zip Code': 'zip',
    },
  },
  {
    of: 'several people in a row',
    text: `Business|Main Phone|Contact 1 Name|Contact 1 Title|Contact 1 Email|Contact 1 Phone|Contact 2 Name|Contact 2 Title|Contact 2 Email|Contact 2 Phone|Website
Northgate Heating LLC|(512) 555-0143|Jane Moreno|Operations Manager|jane@northgate.example|(512) 555-9001|Omar Haddad|Owner|omar@northgate.example|(512) 555-9002|northgate.example.com
Quist Plumbing|(303) 555-0171|Robert Quist|Owner|bob@quist.example|||||(303) 555-9003|quist.example.com`,
    fields: {
      Business: 'name',
      'Main Phone': 'phone',
      'Contact 1 Name': 'personName',
      'Contact 1 Title': 'personTitle',
      'Contact 1 Email': 'personEmail',
      'Contact 1 Phone': 'personPhone',
      'Contact 2 Name': 'personName 2',
      'Contact 2 Title': 'personTitle 2',
      'Contact 2 Email': 'personEmail 2',
      'Contact 2 Phone': 'personPhone 2',
      Website: 'website',
    },
  },
  {
    of: 'owners, contacts and chiefs side by side',
    text: `Firm Name|Owner First Name|Owner Last Name|Owner Email|Primary Contact|Primary Contact Email|CEO|Secondary Contact|Secondary Contact Phone|Company Email|Office Phone
Northgate Heating LLC|Omar|Haddad|omar@northgate.example|Jane Moreno|jane@northgate.example|Omar Haddad|Luis Ortega|(512) 555-9002|info@northgate.example|(512) 555-0143
Quist Plumbing|Robert|Quist|bob@quist.example|Mary Quist|mary@quist.example|Robert Quist|||office@quist.example|(303) 555-0171`,
    fields: {
      'Firm Name': 'name',
      'Owner First Name': 'personFirstName',
      'Owner Last Name': 'personLastName',
      'Owner Email': 'personEmail',
      'Primary Contact': 'personName 2',
      'Primary Contact Email': 'personEmail 2',
      CEO: 'personName 3',
      'Secondary Contact': 'personName 4',
      'Secondary Contact Phone': 'personPhone 4',
      'Company Email': 'email',
      'Office Phone': 'phone',
    },
  },
  {
    of: 'columns that repeat for the second person',
    text: `Company|Contact|Email|Phone|Contact|Email|Phone
Northgate Heating LLC|Jane Moreno|jane@northgate.example|(512) 555-0143|Omar Haddad|omar@northgate.example|(512) 555-9002
Quist Plumbing|Robert Quist|bob@quist.example|(303) 555-0171|Mary Quist|mary@quist.example|(303) 555-9003`,
    fields: {
      Company: 'name',
      Contact: 'personName',
      Email: 'personEmail',
      Phone: 'phone',
      'Contact 2': 'personName 2',
      'Email 2': 'personEmail 2',
      'Phone 2': 'personPhone 2',
    },
  },
  {
    of: 'customers of a subscription',
    text: `Customer Name|Customer Since|MRR (USD)|ARR|Health Score|Renewal Date|CSM|Plan
Northgate Heating LLC|2023-04-01|$450.00|$5,400.00|82|2026-04-01|Ann Reyes|Pro
Bluebird Solar Inc|2024-09-15|$1,200.00|$14,400.00|64|2026-09-15|Ann Reyes|Team`,
    fields: {
      'Customer Name': 'name',
      'Customer Since': 'accountSince',
      'MRR (USD)': 'accountMrr',
      'Health Score': 'accountHealth',
    },
  },
  {
    of: 'German columns',
    text: `Firma|Ansprechpartner|Straße|PLZ|Ort|Land|Telefon|E-Mail|Internet|Branche|Mitarbeiter
Müller Heizungsbau GmbH|Jürgen Müller|Hauptstraße 12|80331|München|Deutschland|089 555 01 43|info@mueller.example|www.mueller.example.com|Handwerk|25
Elektro Weber KG|Sabine Weber|Bahnhofstr. 5|20095|Hamburg|Deutschland|+49 40 555 0171|kontakt@weber.example|www.weber.example.com|Handwerk|8`,
    fields: {
      Firma: 'name',
      Ansprechpartner: 'personName',
      Straße: 'street',
      PLZ: 'zip',
      Ort: 'city',
      Land: 'country',
      Telefon: 'phone',
      'E-Mail': 'email',
      Internet: 'website',
      Branche: 'industry',
      Mitarbeiter: 'employees',
    },
  },
  {
    of: 'French columns',
    text: `Raison sociale|Prénom|Nom de famille|Fonction|Adresse|Code postal|Ville|Téléphone|Courriel|Site web|Effectif
Chauffage Dubois SARL|Pierre|Dubois|Gérant|12 rue de la Paix|75002|Paris|01 55 55 01 43|pierre.dubois@dubois.example|www.dubois.example.com|11-50
Électricité Lambert SAS|Sophie|Lambert|Directrice|5 avenue Foch|69006|Lyon|04 55 55 01 71|s.lambert@lambert.example|www.lambert.example.com|1-10`,
    fields: {
      'Raison sociale': 'name',
      Prénom: 'personFirstName',
      'Nom de famille': 'personLastName',
      Fonction: 'personTitle',
      Adresse: 'street',
      'Code postal': 'zip',
      Ville: 'city',
      Téléphone: 'phone',
      Courriel: 'personEmail',
      'Site web': 'website',
      Effectif: 'employees',
    },
  },
  {
    of: 'Spanish columns',
    text: `Empresa|Nombre del contacto|Cargo|Teléfono|Correo electrónico|Dirección|Ciudad|Estado|Código postal|País
Construcciones Ortega SL|Luis Ortega|Gerente|+34 915 55 01 43|luis.ortega@ortega.example|Calle Mayor 12, 28013 Madrid|Madrid|Madrid|28013|España
Talleres Ruiz SA|Carmen Ruiz|Directora|+34 935 55 01 71|carmen@ruiz.example|Avenida Diagonal 5, 08019 Barcelona|Barcelona|Barcelona|08019|España`,
    fields: {
      Empresa: 'name',
      'Nombre del contacto': 'personName',
      Cargo: 'personTitle',
      Teléfono: 'phone',
      'Correo electrónico': 'personEmail',
      Dirección: 'address',
      Ciudad: 'city',
      Estado: 'state',
      'Código postal': 'zip',
      País: 'country',
    },
  },
  {
    of: 'Dynamics accounts',
    text: `(Do Not Modify) Account|Account Name|Main Phone|Address 1: Street 1|Address 1: City|Address 1: State/Province|Address 1: ZIP/Postal Code|Primary Contact|Email (Primary Contact)|Status|Owner
aa-01|Northgate Heating|(512) 555-0143|12 Main St|Austin|TX|78701|Jane Moreno|jane@northgate.example|Active|Ann Reyes
aa-02|Quist Plumbing|(303) 555-0171|88 Lake Ave|Denver|CO|80202|Robert Quist|bob@quist.example|Active|Ann Reyes`,
    fields: {
      'Account Name': 'name',
      'Main Phone': 'phone',
      'Address 1: Street 1': 'street',
      'Address 1: City': 'city',
      'Address 1: State/Province': 'state',
      'Address 1: ZIP/Postal Code': 'zip',
      'Primary Contact': 'personName',
      'Email (Primary Contact)': 'personEmail',
    },
  },
  {
    of: 'a register of companies',
    text: `CompanyName|CompanyNumber|RegAddress.AddressLine1|RegAddress.AddressLine2|RegAddress.PostTown|RegAddress.PostCode|RegAddress.Country|CompanyCategory|CompanyStatus|IncorporationDate
NORTHGATE HEATING LIMITED|01234567|12 HIGH STREET||LEEDS|LS1 4AB|ENGLAND|Private Limited Company|Active|01/02/2003
QUIST PLUMBING LTD|01234568|5 LOW ROAD||YORK|YO1 7HH|ENGLAND|Private Limited Company|Active|01/02/2003`,
    fields: {
      CompanyName: 'name',
      'RegAddress.AddressLine1': 'street',
      'RegAddress.PostTown': 'city',
      'RegAddress.PostCode': 'zip',
      'RegAddress.Country': 'country',
    },
  },
  {
    of: 'a chamber of commerce',
    text: `Member Name|Member Type|Contact Name|Address|City, State Zip|Phone|Web Address|Member Since
Northgate Heating LLC|Gold|Jane Moreno|12 Main St|Austin, TX 78701|(512) 555-0143|www.northgate.example.com|2011
Quist Plumbing|Silver|Bob Quist|88 Lake Ave|Denver, CO 80202|(303) 555-0171|www.quist.example.com|2015`,
    fields: {
      'Member Name': 'name',
      'Contact Name': 'personName',
      Address: 'street',
      'City, State Zip': 'address',
      Phone: 'phone',
      'Web Address': 'website',
    },
  },
  {
    of: 'a form of advertisements',
    text: `id|created_time|ad_id|campaign_name|platform|full_name|email|phone_number|company_name|job_title|city
l:1|2026-01-04T10:00:00-06:00|ag:1|Spring|fb|Jane Moreno|jane@northgate.example|p:+15125550143|Northgate|Owner|Austin
l:2|2026-01-05T10:00:00-06:00|ag:1|Spring|ig|Robert Quist|bob@quist.example|p:+13035550171|Quist|Estimator|Denver`,
    fields: {
      full_name: 'personName',
      email: 'personEmail',
      phone_number: 'phone',
      company_name: 'name',
      job_title: 'personTitle',
      city: 'city',
    },
  },
  {
    of: 'accounts of a bookkeeping program',
    text: `Acct #|Acct Name|Bill To Addr|Bill To City|Bill To St|Bill To Zip|Ship To Name|Ship To Addr|Salesperson|YTD Sales|Terms|Tel
A-10023|Northgate Heating LLC|12 Main St|Austin|TX|78701|Northgate Warehouse|14 Dock Rd|Ann|12000.50|Net 30|512-555-0143
A-10024|Quist Plumbing|88 Lake Ave|Denver|CO|80202|||Bob|900.00|Net 30|303-555-0171`,
    fields: {
      'Acct Name': 'name',
      'Bill To Addr': 'street',
      'Bill To City': 'city',
      'Bill To St': 'state',
      'Bill To Zip': 'zip',
      Tel: 'phone',
    },
  },
  {
    of: 'columns of a German accounting system',
    text: `Kunde|Name 1|Name 2|Strasse|PLZ/Ort|Land|Telefon 1|Kunde seit
100023|Müller Heizungsbau GmbH|Zentrale|Hauptstr. 12|80331 München|DE|089 5550143|01.02.2019
100024|Elektro Weber KG||Bahnhofstr. 5|20095 Hamburg|DE|040 5550171|15.06.2021`,
    fields: {
      'Name 1': 'name',
      Strasse: 'street',
      'PLZ/Ort': 'address',
      Land: 'country',
      'Telefon 1': 'phone',
      'Kunde seit': 'accountSince',
    },
  },
  {
    of: 'French columns with one name in two halves',
    text: `Nom|Prénom|Société|Email|Tél|CP|Ville
Dubois|Pierre|Chauffage Dubois|p.dubois@dubois.example|0155550143|75002|Paris
Lambert|Sophie|Électricité Lambert|s.lambert@lambert.example|0455550171|69006|Lyon`,
    fields: {
      Nom: 'personLastName',
      Prénom: 'personFirstName',
      Société: 'name',
      Email: 'personEmail',
      Tél: 'phone',
      CP: 'zip',
      Ville: 'city',
    },
  },
  {
    of: 'the officers of each firm',
    text: `Organization|President|President Email|CFO|CFO Email|VP Operations|VP Ops Email|General Email
Northgate|Jane Moreno|jane@northgate.example|Omar Haddad|omar@northgate.example|Luis Ortega|luis@northgate.example|info@northgate.example
Quist|Robert Quist|bob@quist.example|Mary Quist|mary@quist.example|||office@quist.example`,
    fields: {
      Organization: 'name',
      President: 'personName',
      'President Email': 'personEmail',
      CFO: 'personName 2',
      'CFO Email': 'personEmail 2',
      'VP Operations': 'personName 3',
      'VP Ops Email': 'personEmail 3',
      'General Email': 'email',
    },
  },
];

/** Header and rows of such a text. */
export function tableOf(text: string): { header: string[]; sample: { line: number; cells: string[] }[] } {
  const [header = [], ...rows] = text.split('\n').map((line) => line.split('|'));
  return { header, sample: rows.map((cells, index) => ({ line: index + 2, cells })) };
}
